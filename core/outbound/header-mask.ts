const credentialName =
  /auth|token|secret|key|cookie|passw|passphrase|credential|signature|session|bearer|jwt/i;

/** The forms of well-known credentials, and the two schemes of HTTP, in a header of any name. */
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

/** The form of a masked value. */
const mask = /^\*{4}.{0,4}$/s;

/** In a shorter value, four visible characters would be too large a part. */
const minLengthToShowEnd = 20;

/**
 * Hides the values of headers that look like credentials, by name or by value, for reads of an endpoint.
 *
 * @returns a copy. Hidden values are `****`; those of 20 characters or more show their last four, so that people can
 * distinguish two keys.
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

/** Whether a value has the form of a masked one, so that it is not a real credential. */
export const isMasked = (value: unknown): boolean => typeof value === 'string' && mask.test(value);

/** Whether a name is that of a credential. */
export const isCredentialName = (name: string): boolean => credentialName.test(name);

/** Whether a value has the form of a well-known credential. */
export const isCredentialValue = (value: string): boolean => credentialValue.test(value);

export function masked(value: string): string {
  return value.length < minLengthToShowEnd ? '****' : `****${value.slice(-4)}`;
}
