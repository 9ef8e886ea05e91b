const credentialName =
  /auth|token|secret|key|cookie|passw|passphrase|credential|signature|session|bearer|jwt/i;

/** Forms in which well-known issuers write credentials, and the two schemes of HTTP, under whatever name. */
const credentialValue = new RegExp(
  [
    String.raw`^(?:bearer|basic)\s+\S`,
    String.raw`\b(?:[rs]k_(?:live|test)|gh[opsur]|github_pat|whsec|hk0)_[\w+/=-]`,
    String.raw`\b(?:glpat-|xox[a-z]-)[\w-]`,
    String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{12}`,
    String.raw`\beyJ[\w-]+\.[\w-]+\.[\w-]*`,
  ].join('|'),
  'i',
);

/** What `maskHeaders` makes of a value. */
const mask = /^\*{4}.{0,4}$/s;

/** Below this length four visible characters would be too large a part of the value. */
const minLengthToShowEnd = 20;

/**
 * Hides the values of headers that look like credentials, by name or by value, for every read of an endpoint.
 *
 * @returns a copy; hidden values read `****` and, from 20 characters on, end with the last four so that people
 * can tell two keys apart.
 */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      return [name, isCredential(name, value) ? masked(value) : value];
    }),
  );
}

/** Whether `maskHeaders` hides the value of this header. */
export const isCredential = (name: string, value: string): boolean =>
  credentialName.test(name) || credentialValue.test(value);

/** Whether a value can only be what `maskHeaders` showed in place of another. */
export const isMasked = (value: unknown): boolean => typeof value === 'string' && mask.test(value);

function masked(value: string): string {
  return value.length < minLengthToShowEnd ? '****' : `****${value.slice(-4)}`;
}
