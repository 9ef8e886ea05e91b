import { isIP } from 'node:net';
import { isLoopback } from './address.ts';
import { hostOf } from './target-url.ts';

/**
 * Whether a URL leads to one of these hosts, whatever the port. On a loopback address each port is another server, and
 * all spellings of the address are one host.
 *
 * @param hosts origins (`https://api.example.com`) or hosts (`api.example.com`, `localhost:3000`)
 */
export function leadsToAny(hosts: readonly string[], url: string): boolean {
  const target = serverOf(url);
  return (
    target !== undefined &&
    hosts.some((host) => serverOf(host.includes('://') ? host : `https://${host}`) === target)
  );
}

/** Undefined for a text that is not a URL. */
function serverOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const host = hostOf(url);
  const isLocal = host === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
  return isLocal ? `loopback:${url.port || { 'http:': '80' }[url.protocol] || '443'}` : host;
}
