import { isObject } from '#core/json/merge-patch.ts';
import { isCredential, isMasked } from '#core/outbound/header-mask.ts';
import { Problem } from '#core/problem/problem.ts';
import { fieldError } from '#core/validation/validate.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointInput } from './endpoint-schema.ts';

/**
 * Refuses a change by somebody who may not read credentials that would send the stored ones to another URL, where they
 * could be read. Those that the change gives or removes are the caller's own doing.
 *
 * The same origin is not the same reader: hosts that take webhooks for many tell them apart by path or query.
 *
 * @param input the configuration after the change
 * @param body the change as it was sent
 * @throws Problem `credentials_stay`
 */
export function requireCredentialsStay(endpoint: Endpoint, input: EndpointInput, body: unknown): void {
  if (targetOf(endpoint.url) === targetOf(input.url)) return;
  const given = givenHeaders(body);
  const kept = Object.entries(endpoint.headers)
    .filter(([name, value]) => isCredential(name, value) && Object.hasOwn(input.headers, name))
    .map(([name]) => name)
    .filter((name) => !given.has(name));
  if (kept.length === 0) return;
  const accepted = 'each of these headers given again, or removed with null, in the same request';
  throw new Problem('credentials_stay', {
    detail: `the url is another than before, and would be sent the stored ${kept.join(', ')}; accepted: ${accepted}`,
    field: 'url',
    accepted,
    errors: kept.map((name) =>
      fieldError(['headers', name], 'no value for the new url', 'the value itself, or null'),
    ),
  });
}

/** All of a URL that a request carries. */
function targetOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search}`;
}

/** Lower-case names of the headers that the change says something about; a masked value says nothing. */
function givenHeaders(body: unknown): ReadonlySet<string> {
  const headers = isObject(body) && isObject(body.headers) ? body.headers : {};
  const said = Object.entries(headers).filter(([, value]) => !isMasked(value));
  return new Set(said.map(([name]) => name.toLowerCase()));
}
