import { refusedAddress, type TargetPolicy } from './target-url.ts';

type ResolvedCheck =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | {
      readonly ok: false;
      readonly code: 'no_address' | 'forbidden_address' | 'ipv6_only';
      readonly message: string;
    };

// A name may have a thousand addresses, and a connection to each of them would be tried.
const maxTried = 4;

/**
 * Checks all addresses that a name resolves to. One refused address refuses the name, because a mix of public and private
 * addresses is a typical attack.
 *
 * @returns the addresses to try, at most four, IPv4 first, because it reaches more receivers; or the refusal
 */
export function checkResolved(
  host: string,
  addresses: readonly string[],
  policy: TargetPolicy,
): ResolvedCheck {
  for (const address of addresses) {
    const reason = refusedAddress(address, policy);
    if (reason !== undefined) {
      const message = `${host} resolves to ${reason}; webhooks go to public addresses only`;
      return { ok: false, code: 'forbidden_address', message };
    }
  }
  if (addresses.length === 0) {
    return { ok: false, code: 'no_address', message: `${host} resolves to no address` };
  }
  const reachable = policy.allowIpv6 ? addresses : addresses.filter((address) => !isIpv6(address));
  if (reachable.length === 0) {
    const message = `${host} resolves to IPv6 addresses only, and this deployment sends over IPv4 only`;
    return { ok: false, code: 'ipv6_only', message };
  }
  const ordered = reachable.toSorted((a, b) => Number(isIpv6(a)) - Number(isIpv6(b)));
  return { ok: true, addresses: ordered.slice(0, maxTried) };
}

const isIpv6 = (address: string): boolean => address.includes(':');
