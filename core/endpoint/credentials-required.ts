import { isObject } from '#core/json/merge-patch.ts';
import { isCredential, isMasked } from '#core/outbound/header-mask.ts';
import { Problem } from '#core/problem/problem.ts';
import { fieldError } from '#core/validation/validate.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointInput } from './endpoint-schema.ts';

/**
 * Refuses a change of the URL that would send stored credentials to the new URL, where a caller who may not read them
 * could receive them. The caller has to send each credential again or remove it in the same request.
 *
 * Path and query count as well as the origin, because some webhook hosts separate their customers by path or query.
 *
 * @param input the configuration after the change
 * @param body the change as it was sent
 * @throws Problem `credentials_required`
 */
export function requireCredentials(endpoint: Endpoint, input: EndpointInput, body: unknown): void {
  if (targetOf(endpoint.url) === targetOf(input.url)) return;
  const given = givenHeaders(body);
  const kept = Object.entries(endpoint.headers)
    .filter(([name, value]) => isCredential(name, value) && Object.hasOwn(input.headers, name))
    .map(([name]) => name)
    .filter((name) => !given.has(name));
  if (kept.length === 0) return;
  const names = kept.join(', ');
  throw new Problem('credentials_required', {
    detail: `changing the url would send the stored ${names} to the new url; send ${names} again, or null to remove it`,
    field: 'url',
    accepted: 'each of these headers with its value, or with null, in the same request',
    errors: kept.map((name) =>
      fieldError(['headers', name], 'no value for the new url', 'the value, or null to remove the header'),
    ),
  });
}

/** The part of a URL that a request contains. */
function targetOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search}`;
}

/** Lower-case names of the headers that the change sets or removes. A masked value changes nothing. */
function givenHeaders(body: unknown): ReadonlySet<string> {
  const headers = isObject(body) && isObject(body.headers) ? body.headers : {};
  const changed = Object.entries(headers).filter(([, value]) => !isMasked(value));
  return new Set(changed.map(([name]) => name.toLowerCase()));
}
