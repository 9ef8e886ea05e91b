import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { checkResolved } from '#core/outbound/resolved-addresses.ts';
import type { TargetPolicy } from '#core/outbound/target-url.ts';

/** Returns every address of a host name, in any order; rejects or returns none when there is none. */
export type ResolveAddresses = (hostname: string) => Promise<readonly string[]>;

/** No connection was tried, because the name did not resolve, or to addresses that are refused or cannot be reached. */
export class LookupError extends Error {
  readonly errorClass: 'dns' | 'connect' | 'forbidden_target';

  constructor(errorClass: LookupError['errorClass'], message: string) {
    super(message);
    this.name = 'LookupError';
    this.errorClass = errorClass;
  }
}

/**
 * Makes the `lookup` hook of an Agent. It resolves a name once, checks every address of the answer, and gives the socket
 * only those addresses. The name is not resolved a second time, so that DNS rebinding has no effect.
 */
export function guardedLookup(resolve: ResolveAddresses, policy: TargetPolicy): LookupFunction {
  return (hostname, options, callback) => {
    vetted(hostname, resolve, policy).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) {
          callback(null, addresses.map(withFamily));
        } else if (first !== undefined) {
          callback(null, first, withFamily(first).family);
        }
      },
      (error: LookupError) => callback(error, []),
    );
  };
}

const classes = { no_address: 'dns', ipv6_only: 'connect', forbidden_address: 'forbidden_target' } as const;

async function vetted(hostname: string, resolve: ResolveAddresses, policy: TargetPolicy) {
  const resolved = await resolve(hostname).catch((error: unknown) => {
    throw new LookupError('dns', `${hostname} does not resolve: ${codeOf(error)}`);
  });
  const checked = checkResolved(hostname, resolved, policy);
  if (!checked.ok) {
    throw new LookupError(classes[checked.code], checked.message);
  }
  return checked.addresses;
}

/**
 * Resolves names by DNS queries. The usual `dns.lookup` runs getaddrinfo on the thread pool, two at a time for the whole
 * process: two endpoints with silent name servers would stop all other lookups, those of our AWS calls included. Host
 * files are not read, because they name private addresses, which are refused. `localhost` is resolved here (RFC 6761),
 * and only a policy that allows loopback accepts it.
 */
export function dnsResolver(): ResolveAddresses {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  return async (hostname) => {
    if (hostname === 'localhost') {
      return ['127.0.0.1', '::1'];
    }
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failure = answers.find((answer) => answer.status === 'rejected');
    if (addresses.length === 0 && failure !== undefined) {
      throw failure.reason;
    }
    return addresses;
  };
}

function withFamily(address: string): { address: string; family: 4 | 6 } {
  return { address, family: address.includes(':') ? 6 : 4 };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'the resolver failed';
}
