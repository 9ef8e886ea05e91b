import { Resolver } from 'node:dns/promises';

// A name that resolves more slowly is accepted; its deliveries will tell.
const patience = { timeout: 1000, tries: 1 };

/**
 * Makes a check of names that a deployment without IPv6 cannot reach. It says yes only for a name that has IPv6 addresses
 * and surely no IPv4 address; a name that does not resolve now may do so when its first webhook is sent.
 *
 * @param servers name servers as `address:port`. @default - those of the system
 */
export function createIpv6OnlyCheck(servers?: readonly string[]): (hostname: string) => Promise<boolean> {
  const resolver = new Resolver(patience);
  if (servers !== undefined) resolver.setServers(servers);
  return async (hostname) => {
    const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    if (ipv4.status === 'fulfilled' || ipv6.status === 'rejected') return false;
    // ENODATA says that the name has no such record. Other errors say nothing about the name.
    return ipv6.value.length > 0 && 'code' in ipv4.reason && ipv4.reason.code === 'ENODATA';
  };
}
