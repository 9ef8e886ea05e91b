import { isIP } from 'node:net';
import { forbidden, isLoopback } from './address.ts';

/** Where requests may go. The addresses of `forbidden` stay refused; a policy can only open loopback. */
export interface TargetPolicy {
  /** Accept `http:` beside `https:`. */
  readonly allowPlainHttp: boolean;
  /** Accept 127.0.0.0/8, ::1 and the name `localhost`; no other private address. */
  readonly allowLoopback: boolean;
  readonly ports: readonly number[] | 'any';
  /** Connect to IPv6 addresses as well. */
  readonly allowIpv6: boolean;
}

/** The policy of a deployment: https to public addresses on 443 or 8443, and only IPv4, which is what Lambda reaches. */
export const strictPolicy: TargetPolicy = {
  allowPlainHttp: false,
  allowLoopback: false,
  ports: [443, 8443],
  allowIpv6: false,
};

/** The policy of the local run: receivers on the same machine too, but no other private address. */
export const localPolicy: TargetPolicy = {
  allowPlainHttp: true,
  allowLoopback: true,
  ports: 'any',
  allowIpv6: true,
};

type TargetUrlCode =
  | 'url_too_long'
  | 'url_invalid'
  | 'url_scheme'
  | 'url_port'
  | 'url_credentials'
  | 'url_fragment'
  | 'url_host'
  | 'url_forbidden_address'
  | 'url_ipv6';

type TargetUrlCheck =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly code: TargetUrlCode; readonly message: string };

/** What a deployment without IPv6 accepts. */
export const ipv4Only = 'names with an IPv4 address, because this deployment sends over IPv4 only';

const maxLength = 2048;

/** Names with a meaning inside a network only (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`). */
const insideSuffixes = ['internal', 'local', 'localhost', 'home.arpa'];

const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Checks the URL of an endpoint when it is saved and before every request. It checks the parsed URL (WHATWG) and not its
 * text, so `https://0x7f.1` is a loopback address. Names are not resolved here; their addresses are checked when the
 * connection is made.
 *
 * @returns the parsed URL, or a stable code and a message that names what was received, without credentials,
 * path or query, and what is accepted.
 */
export function checkTargetUrl(text: string, policy: TargetPolicy): TargetUrlCheck {
  if (text.length > maxLength) {
    return refuse('url_too_long', `the URL has ${text.length} characters; at most ${maxLength} are accepted`);
  }
  // The parser would drop tabs and newlines and replace broken surrogate pairs without an error, and the saved URL would
  // differ from the one that was sent.
  const url = /[\p{Cc}\s]/u.test(text) || !text.isWellFormed() ? null : URL.parse(text);
  if (url === null) {
    const expected = `an absolute URL without spaces such as ${example(policy)}`;
    return refuse('url_invalid', `${unparsed(text)} is not a URL; accepted is ${expected}`);
  }
  return checkParts(url, policy);
}

/**
 * The reason why a policy forbids connections to an address.
 *
 * @returns the kind of address as a phrase, or undefined when it is accepted.
 */
export function refusedAddress(address: string, policy: TargetPolicy): string | undefined {
  return policy.allowLoopback && isLoopback(address) ? undefined : forbidden(address);
}

function checkParts(url: URL, policy: TargetPolicy): TargetUrlCheck {
  const received = `"${url.protocol}//${url.host}"`;
  if (url.protocol !== 'https:' && !(policy.allowPlainHttp && url.protocol === 'http:')) {
    const schemes = policy.allowPlainHttp ? 'https and http' : 'https';
    return refuse('url_scheme', `the URL has the scheme "${url.protocol}"; accepted: ${schemes}`);
  }
  // Percent-encoding can make the URL nine times as long as its text.
  if (url.href.length > maxLength) {
    const length = url.href.length;
    return refuse(
      'url_too_long',
      `the URL has ${length} characters once encoded; at most ${maxLength} are accepted`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    const fix = 'leave them out and set an authorization header on the endpoint';
    return refuse(
      'url_credentials',
      `the URL of ${received} holds a user name or password, which is not shown here; ${fix}`,
    );
  }
  if (url.href.includes('#')) {
    return refuse(
      'url_fragment',
      `${received} carries a fragment, which is never sent; leave out "#" and what follows`,
    );
  }
  const port = url.port === '' ? { 'https:': 443, 'http:': 80 }[url.protocol] : Number(url.port);
  if (port === undefined || port === 0 || (policy.ports !== 'any' && !policy.ports.includes(port))) {
    const ports = policy.ports === 'any' ? '1 to 65535' : policy.ports.join(', ');
    return refuse('url_port', `${received} uses port ${port}; accepted ports: ${ports}`);
  }
  return checkHost(url, received, policy);
}

function checkHost(url: URL, received: string, policy: TargetPolicy): TargetUrlCheck {
  const host = hostOf(url);
  if (isIP(host) !== 0) {
    const reason = refusedAddress(host, policy);
    if (reason !== undefined)
      return refuse(
        'url_forbidden_address',
        `${received} is ${reason}; accepted are public addresses and names`,
      );
    return isIP(host) === 6 && !policy.allowIpv6
      ? refuse('url_ipv6', `${received} is an IPv6 address; accepted are ${ipv4Only}`)
      : { ok: true, url };
  }
  if (policy.allowLoopback && host === 'localhost') {
    return { ok: true, url };
  }
  const problem = nameProblem(host);
  return problem === undefined
    ? { ok: true, url }
    : refuse(
        'url_host',
        `${received} ${problem}; accepted are full public host names such as hooks.example.com`,
      );
}

/** The host of a URL for sockets and resolvers: IPv6 without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function nameProblem(host: string): string | undefined {
  if (host.endsWith('.')) {
    return 'ends with a dot';
  }
  const labels = host.split('.');
  const inside = insideSuffixes.find((suffix) => host === suffix || host.endsWith(`.${suffix}`));
  if (inside !== undefined) {
    return `is a name inside a private network ("${inside}")`;
  }
  if (labels.length < 2) {
    return 'is a single label';
  }
  if (host.length > 253 || !labels.every((part) => label.test(part))) {
    return 'is not a host name (RFC 1123)';
  }
  return undefined;
}

/** The scheme and host of a text that is not a URL, without user info, path and query, which may be secret. */
function unparsed(text: string): string {
  const withoutUser = text.replace(/^.*@/s, '…@');
  const [start = ''] = /^([a-z][a-z0-9+.-]*:)?([\\/]{2,})?[^\\/?#]{0,80}/i.exec(withoutUser) ?? [];
  return JSON.stringify(start.length < withoutUser.length ? `${start}…` : start);
}

function example(policy: TargetPolicy): string {
  return policy.allowLoopback ? 'http://127.0.0.1:3000/webhooks' : 'https://hooks.example.com/webhooks';
}

function refuse(code: TargetUrlCode, message: string): TargetUrlCheck {
  return { ok: false, code, message };
}
