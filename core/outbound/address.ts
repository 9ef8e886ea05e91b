import { isIP } from 'node:net';

interface Range {
  readonly family: 4 | 6;
  readonly base: bigint;
  /** How many low bits vary inside the range. */
  readonly hostBits: bigint;
  readonly reason: string;
}

interface ParsedAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const privateNetwork = 'a private network address (RFC 1918)';
const documentation = 'a documentation address (RFC 5737)';
const as112 = 'an AS112 address (RFC 7534, RFC 7535)';

/** The IANA IPv4 special-purpose registry, multicast, reserved space, and an address of one cloud platform. */
const refusedRanges4 = [
  range('0.0.0.0/8', 'an address of "this network" (RFC 791)'),
  range('10.0.0.0/8', privateNetwork),
  range('100.64.0.0/10', 'a shared carrier address (RFC 6598)'),
  range('127.0.0.0/8', 'a loopback address (RFC 1122)'),
  range('169.254.0.0/16', 'a link-local address, where cloud metadata is served (RFC 3927)'),
  range('172.16.0.0/12', privateNetwork),
  range('192.0.0.0/24', 'an IETF protocol assignment (RFC 6890)'),
  range('192.0.2.0/24', documentation),
  range('192.31.196.0/24', as112),
  range('192.52.193.0/24', 'an AMT relay address (RFC 7450)'),
  range('192.88.99.0/24', 'a 6to4 relay address (RFC 7526)'),
  range('192.168.0.0/16', privateNetwork),
  range('192.175.48.0/24', as112),
  range('198.18.0.0/15', 'a benchmarking address (RFC 2544)'),
  range('198.51.100.0/24', documentation),
  range('203.0.113.0/24', documentation),
  range('224.0.0.0/4', 'a multicast address (RFC 5771)'),
  range('240.0.0.0/4', 'a reserved or broadcast address (RFC 1112, RFC 919)'),
  // A public number, but the host of a virtual machine answers it.
  range('168.63.129.16/32', 'a cloud platform address'),
];

/**
 * The only part of IPv6 that IANA has assigned as global unicast (RFC 4291). Because nothing else is allowed, v4-mapped,
 * v4-compatible, NAT64, ISATAP, unique-local, link-local, multicast and unassigned addresses are refused, whatever
 * address they embed.
 */
const globalUnicast6 = range('2000::/3', 'global unicast');

const refusedRanges6 = [
  range('2001::/23', 'an IETF protocol assignment such as Teredo or ORCHID (RFC 2928, RFC 4380)'),
  range('2001:db8::/32', 'a documentation address (RFC 3849)'),
  range('2002::/16', 'a 6to4 address, which embeds an IPv4 address (RFC 3056)'),
  range('2620:4f:8000::/48', as112),
  range('3fff::/20', 'a documentation address (RFC 9637)'),
];

/** Names for messages, which say more than "not global unicast". */
const namedOutside6 = [
  range('::1/128', 'a loopback address (RFC 4291)'),
  range('::ffff:0:0/96', 'an IPv4-mapped address (RFC 4291)'),
  range('64:ff9b::/96', 'a NAT64 address, which embeds an IPv4 address (RFC 6052)'),
  range('64:ff9b:1::/48', 'a local NAT64 address (RFC 8215)'),
  range('fc00::/7', 'a unique local address (RFC 4193)'),
  range('fe80::/10', 'a link-local address (RFC 4291)'),
  range('ff00::/8', 'a multicast address (RFC 4291)'),
];

const loopbackRanges = [range('127.0.0.0/8', 'loopback'), range('::1/128', 'loopback')];

/**
 * The reason why no request may go to an address.
 *
 * @param address - a literal as a resolver or a parsed URL gives it: dotted decimal, or IPv6 without brackets.
 * Anything else, other spellings and zone ids included, is refused.
 * @returns the kind of address with its RFC, as a phrase ("a loopback address (RFC 1122)"), or undefined when
 * the address is public.
 */
export function forbidden(address: string): string | undefined {
  const parsed = parse(address);
  if (parsed === undefined) {
    return 'not an IP address';
  }
  if (parsed.family === 4) {
    return reasonIn(refusedRanges4, parsed);
  }
  if (!contains(globalUnicast6, parsed)) {
    return reasonIn(namedOutside6, parsed) ?? 'an address outside global unicast 2000::/3 (RFC 4291)';
  }
  return reasonIn(refusedRanges6, parsed);
}

/** True for 127.0.0.0/8 and ::1 only, and not for addresses that embed them. */
export function isLoopback(address: string): boolean {
  const parsed = parse(address);
  return parsed !== undefined && reasonIn(loopbackRanges, parsed) !== undefined;
}

function reasonIn(ranges: readonly Range[], address: ParsedAddress): string | undefined {
  return ranges.find((candidate) => contains(candidate, address))?.reason;
}

function contains({ family, base, hostBits }: Range, address: ParsedAddress): boolean {
  return family === address.family && address.value >> hostBits === base >> hostBits;
}

function range(cidr: string, reason: string): Range {
  const [network = '', prefix = ''] = cidr.split('/');
  const parsed = parse(network);
  if (parsed === undefined) {
    throw new Error(`not a network: ${cidr}`);
  }
  const width = parsed.family === 4 ? 32 : 128;
  return { family: parsed.family, base: parsed.value, hostBits: BigInt(width - Number(prefix)), reason };
}

function parse(address: string): ParsedAddress | undefined {
  // A zone id names an interface of this machine, so the address is not public.
  if (address.includes('%')) {
    return undefined;
  }
  switch (isIP(address)) {
    case 4:
      return { family: 4, value: joined(address.split('.').map(Number), 8n) };
    case 6:
      return { family: 6, value: joined(groups(address), 16n) };
    default:
      return undefined;
  }
}

function joined(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
}

/** The eight 16-bit groups of a valid IPv6 address (RFC 4291 section 2.2: `::` once, dotted decimal at the end). */
function groups(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = sideGroups(head);
  if (tail === undefined) {
    return before;
  }
  const after = sideGroups(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function sideGroups(side: string): number[] {
  if (side === '') {
    return [];
  }
  return side.split(':').flatMap((group) => {
    if (!group.includes('.')) {
      return [Number.parseInt(group, 16)];
    }
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
