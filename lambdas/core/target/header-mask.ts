const credentialName = /auth|token|secret|key|cookie|passw|credential|signature|session|bearer|jwt/i;

/** Below this length four visible characters would be too large a part of the value. */
const minLengthToShowEnd = 20;

/**
 * Hides the values of headers whose names look like credentials, for every read of an endpoint.
 *
 * @returns a copy; hidden values read `****` and, from 20 characters on, end with the last four so that people
 * can tell two keys apart.
 */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, credentialName.test(name) ? masked(value) : value]),
  );
}

function masked(value: string): string {
  return value.length < minLengthToShowEnd ? '****' : `****${value.slice(-4)}`;
}
