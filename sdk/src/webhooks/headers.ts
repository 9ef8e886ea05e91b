import { Hook0Error } from '../errors.ts';
import { kindOf } from '../options.ts';
import { WebhookVerificationError } from './error.ts';

type HeaderValue = string | readonly string[] | undefined;

/** The headers of the received request: a `Headers` object, or an object such as Node's `request.headers`. */
export type SignedHeaders = { get(name: string): string | null } | Readonly<Record<string, HeaderValue>>;

/**
 * The value of a header that the request has exactly once.
 *
 * @throws WebhookVerificationError when it is missing, and Hook0Error when `headers` are not headers
 */
export function headerOf(headers: SignedHeaders, name: string): string {
  if (typeof headers !== 'object' || headers === null) {
    throw new Hook0Error(`headers: received ${kindOf(headers)}; expected the headers of the request`);
  }
  const values = isHeaders(headers) ? [headers.get(name)] : valuesOf(headers, name);
  const [value, ...more] = values.filter((one) => typeof one === 'string' && one !== '');
  if (typeof value === 'string' && more.length === 0) return value;
  const found = value === undefined ? 'has no header' : 'has more than one header';
  throw new WebhookVerificationError('missing_header', `the request ${found} ${name}`);
}

const isHeaders = (headers: SignedHeaders): headers is { get(name: string): string | null } =>
  typeof headers.get === 'function';

function valuesOf(headers: Readonly<Record<string, HeaderValue>>, name: string): readonly unknown[] {
  const lower = name.toLowerCase();
  return Object.entries(headers).flatMap(([other, value]) => (other.toLowerCase() === lower ? value : []));
}
