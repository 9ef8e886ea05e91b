import { isCredential } from '#core/outbound/header-mask.ts';
import type { RequestResult } from './outcome.ts';

/** Shorter values are in other text by chance, and an answer full of masks would show where they are and so what they are. */
const shortestHidden = 8;
const mask = '****';

/**
 * Hides the endpoint's credentials in an answer, because a receiver that echoes its requests would show them to everyone
 * who may read deliveries. Credentials that a receiver encodes or splits are not found.
 *
 * @param headers the endpoint's own; the values that look like credentials are hidden
 * @param secrets the endpoint's signing secrets
 */
export function maskAnswer(
  result: RequestResult,
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[],
): RequestResult {
  if (result.kind === 'failed') return result;
  const hidden = hiddenOf(headers, secrets);
  if (hidden.length === 0) return result;
  const responseHeaders = Object.entries(result.responseHeaders).map(([name, value]): [string, string] => [
    name,
    without(value, hidden),
  ]);
  return {
    ...result,
    responseHeaders: Object.fromEntries(responseHeaders),
    responseBody: without(result.responseBody, hidden),
  };
}

/** The longest first, because one may be a part of another. */
function hiddenOf(headers: Readonly<Record<string, string>>, secrets: readonly string[]): string[] {
  const credentials = Object.entries(headers).filter(([name, value]) => isCredential(name, value));
  const values = [...credentials.map(([, value]) => value), ...secrets];
  const parts = values.flatMap((value) => [
    value,
    // A receiver may show the credential without its scheme, or the key without its prefix.
    value.replace(/^\S+\s+/, ''),
    value.replace(/^whsec_/, ''),
  ]);
  const written = parts.flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
  return [...new Set(written)]
    .filter(({ length }) => length >= shortestHidden)
    .sort((a, b) => b.length - a.length);
}

function without(text: string, hidden: readonly string[]): string {
  const whole = hidden.reduce((rest, value) => rest.replaceAll(value, mask), text);
  const [longest = 0] = hidden.map((value) => cutAt(whole, value)).sort((a, b) => b - a);
  return longest === 0 ? whole : whole.slice(0, -longest) + mask;
}

/** How many characters at the end of a text begin this value, because the answer was cut within it. */
function cutAt(text: string, value: string): number {
  for (let length = Math.min(value.length - 1, text.length); length >= shortestHidden; length -= 1)
    if (text.endsWith(value.slice(0, length))) return length;
  return 0;
}
