import { RecentMap } from '#core/concurrency/cache.ts';
import { isCredential } from '#core/outbound/header-mask.ts';
import type { RequestResult } from './outcome.ts';
import { writingsOf } from './writings.ts';

/** Shorter values are in other text by chance, and an answer full of masks would show where they are and so what they are. */
const shortestHidden = 8;
const mask = '****';

// A few KB each. Deliver serves few endpoints at the same time.
const remembered = 200;
const recent = new RecentMap<string, readonly string[]>(remembered);

/**
 * Hides the endpoint's credentials in an answer, because a receiver that echoes its requests would show them to everyone
 * who may read deliveries. They are found as they are, in JSON, percent-encoded and in base64. Credentials that a receiver
 * writes otherwise, or splits, are not found.
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
  // One look at everything, because hardly any answer shows a credential.
  const shown = [...Object.values(result.responseHeaders), result.responseBody];
  const all = shown.join('\n');
  if (!hidden.some((value) => all.includes(value) || shown.some((text) => cutAt(text, value) > 0)))
    return result;
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

/** What to hide, the longest first, because one may be a part of another. Remembered, because each attempt needs it. */
function hiddenOf(headers: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] {
  const credentials = Object.entries(headers).filter(([name, value]) => isCredential(name, value));
  const values = [...credentials.map(([, value]) => value), ...secrets];
  const key = JSON.stringify(values);
  const known = recent.get(key);
  if (known !== undefined) return known;
  const hidden = [...new Set(values.flatMap(partsOf).flatMap(writingsOf))]
    .filter(({ length }) => length >= shortestHidden)
    .sort((a, b) => b.length - a.length);
  recent.set(key, hidden);
  return hidden;
}

/** The credential, and what a receiver may show of it: without its scheme, without its prefix, or decoded. */
function partsOf(value: string): string[] {
  const bare = value.replace(/^\S+\s+/, '');
  const [, basic] = /^basic\s+(\S+)$/i.exec(value) ?? [];
  const login = basic === undefined ? '' : Buffer.from(basic, 'base64').toString();
  return [value, bare, value.replace(/^whsec_/, ''), login, login.slice(login.indexOf(':') + 1)];
}

function without(text: string, hidden: readonly string[]): string {
  if (text.length < shortestHidden) return text;
  const whole = hidden.reduce((rest, value) => rest.replaceAll(value, mask), text);
  const longest = Math.max(...hidden.map((value) => cutAt(whole, value)));
  return longest === 0 ? whole : whole.slice(0, -longest) + mask;
}

/** How many characters at the end of a text begin this value, because the answer was cut within it. */
function cutAt(text: string, value: string): number {
  const tail = text.slice(-shortestHidden);
  if (tail.length < shortestHidden) return 0;
  for (let at = value.lastIndexOf(tail); at >= 0; at = at === 0 ? -1 : value.lastIndexOf(tail, at - 1)) {
    const length = at + shortestHidden;
    if (length < value.length && text.endsWith(value.slice(0, length))) return length;
  }
  return 0;
}
