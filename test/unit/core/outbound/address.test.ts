import { BlockList } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { forbidden, isLoopback } from '#core/outbound/address.ts';

const refusedNetworks4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '168.63.129.16/32',
];
const refusedNetworks6 = [
  '::/128',
  '::1/128',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '1000::/4',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
  '4000::/2',
  '5f00::/16',
  '8000::/1',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** Addresses of a network, its first and last ones often among them; `width` is 32 or 128. */
function addressesOf(cidr: string): fc.Arbitrary<string> {
  const [network, prefix] = ipaddr.parseCIDR(cidr);
  const base = network.toByteArray();
  const hostBits = base.length * 8 - prefix;
  const max = (1n << BigInt(hostBits)) - 1n;
  return fc.oneof(fc.constantFrom(0n, max), fc.bigInt({ min: 0n, max })).map((host) => {
    const bytes = base.map((byte, i) => byte | Number((host >> BigInt(8 * (base.length - 1 - i))) & 0xffn));
    return ipaddr.fromByteArray(bytes).toString();
  });
}

const anyIpv4 = fc.oneof(fc.ipV4(), ...refusedNetworks4.map(addressesOf));
const anyIpv6 = fc.oneof(fc.ipV6(), addressesOf('2000::/3'), ...refusedNetworks6.map(addressesOf));

describe('forbidden', () => {
  it.each([...refusedNetworks4, ...refusedNetworks6])('refuses all of %s with a reason', (cidr) => {
    fc.assert(
      fc.property(addressesOf(cidr), (address) => {
        expect(forbidden(address)).toMatch(/^an? /);
      }),
    );
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '168.63.129.15',
    '168.63.129.17',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '191.255.255.255',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2003::',
    '2606:4700:4700::1111',
    '2620:4f:8001::',
    '3ffe:ffff::',
    '3fff:1000::',
  ])('accepts %s, at the edges of what is refused', (address) => {
    expect(forbidden(address)).toBeUndefined();
  });

  it('accepts nothing that ipaddr.js calls other than unicast', () => {
    fc.assert(
      fc.property(fc.oneof(anyIpv4, anyIpv6), (address) => {
        if (forbidden(address) === undefined) {
          expect(ipaddr.parse(address).range()).toBe('unicast');
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('agrees for every IPv4 address with the same list in node:net', () => {
    const list = new BlockList();
    for (const cidr of refusedNetworks4) {
      const [network, prefix] = ipaddr.parseCIDR(cidr);
      list.addSubnet(network.toString(), prefix, 'ipv4');
    }
    fc.assert(
      fc.property(anyIpv4, (address) => {
        expect(forbidden(address) !== undefined).toBe(list.check(address, 'ipv4'));
      }),
      { numRuns: 5000 },
    );
  });

  it('judges an IPv6 address alike in each of its spellings', () => {
    fc.assert(
      fc.property(anyIpv6, (address) => {
        const verdict = forbidden(address);
        // The URL parser writes no dots; ipaddr.js would take the dotted `::1.2.3.4` for `::ffff:1.2.3.4`.
        const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
        const parsed = ipaddr.parse(canonical);
        expect(forbidden(canonical)).toBe(verdict);
        expect(forbidden(parsed.toNormalizedString())).toBe(verdict);
        expect(forbidden(address.toUpperCase())).toBe(verdict);
        const bytes = parsed.toByteArray();
        const start = parsed.toNormalizedString().split(':').slice(0, 6).join(':');
        expect(forbidden(`${start}:${bytes.slice(12).join('.')}`)).toBe(verdict);
      }),
    );
  });

  it('refuses every IPv6 address that embeds an IPv4 one', () => {
    fc.assert(
      fc.property(fc.ipV4(), (v4) => {
        const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number);
        const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        const embedded = [`::ffff:${v4}`, `::${v4}`, `::ffff:0:${v4}`, `64:ff9b::${v4}`, `64:ff9b:1::${v4}`];
        const tunnelled = [`2002:${hex}::1`, `2001:0:${hex}::1`, `fe80::5efe:${v4}`, `::5efe:${v4}`];
        for (const address of [...embedded, ...tunnelled]) {
          expect(forbidden(address), address).toBeDefined();
        }
      }),
    );
  });

  it('says what kind of address was refused', () => {
    expect(forbidden('127.0.0.1')).toBe('a loopback address (RFC 1122)');
    expect(forbidden('169.254.169.254')).toContain('cloud metadata');
    expect(forbidden('::ffff:8.8.8.8')).toContain('IPv4-mapped');
    expect(forbidden('4000::1')).toContain('2000::/3');
  });

  it.each([
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '0x08080808',
    '134744072',
    '8.8.8.8 ',
    '[2606:4700::1]',
    '2606:4700::1%eth0',
    '2606:4700::1/64',
    '::g',
  ])('refuses %j, which resolvers do not write so', (text) => {
    expect(forbidden(text)).toBe('not an IP address');
  });

  it('never throws and refuses text at large', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '1', 'f', '.', ':', '%', '[', 'x') }), (text) => {
        if (!ipaddr.isValid(text)) {
          expect(forbidden(text)).toBeDefined();
        }
      }),
    );
  });
});

describe('isLoopback', () => {
  it('is true for 127.0.0.0/8 and ::1 alone', () => {
    fc.assert(
      fc.property(addressesOf('127.0.0.0/8'), (address) => {
        expect(isLoopback(address)).toBe(true);
      }),
    );
    expect(isLoopback('::1')).toBe(true);
    expect(isLoopback('0:0:0:0:0:0:0:1')).toBe(true);
    for (const other of [
      '::',
      '::2',
      '::ffff:127.0.0.1',
      '::127.0.0.1',
      '10.0.0.1',
      '0.0.0.0',
      '8.8.8.8',
      'localhost',
      '::1%lo',
    ]) {
      expect(isLoopback(other), other).toBe(false);
    }
  });
});
