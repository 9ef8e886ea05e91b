import { isMistypedToken } from '#core/token/token.ts';

/** @throws Error that says what a token may look like; never shows the given one */
export function checkAdminToken(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  if (isMistypedToken(token)) {
    // Every function refuses such a token without a look-up, so nothing could call this run.
    throw new Error(
      'HOOK0_ADMIN_TOKEN has the form of a token, hk0_ and 36 characters, but its checksum does not fit: ' +
        'copy the token again, choose a value of another form, or leave it unset and one is made',
    );
  }
  if (/^[\x21-\x7e]{8,255}$/.test(token)) return token;
  throw new Error(
    `HOOK0_ADMIN_TOKEN has ${token.length} characters: expected 8 to 255 visible ASCII characters without spaces; ` +
      'leave it unset and one is made',
  );
}
