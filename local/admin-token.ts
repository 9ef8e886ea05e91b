import { isMistypedToken } from '../lambdas/core/tenant/token.ts';
import { asIntrinsic } from './template/intrinsic.ts';
import type { Template } from './template/template.ts';

/** The stack output that names the secret with the first admin token. */
export const adminTokenOutput = 'AdminTokenSecretArn';

/**
 * Puts a chosen admin token into the secret before anything reads it; the bootstrap function keeps a valid one.
 *
 * @returns values of secrets by logical id; none when no token was chosen
 * @throws Error when the template has no such secret
 */
export function givenAdminToken(
  token: string | undefined,
  template: Template,
): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  const reference = asIntrinsic(template.Outputs?.[adminTokenOutput]?.Value);
  if (reference?.name !== 'Ref' || typeof reference.argument !== 'string') {
    throw new Error(
      `the template has no output ${adminTokenOutput} that names a secret: HOOK0_ADMIN_TOKEN has no place`,
    );
  }
  return { [reference.argument]: token };
}

/** @throws Error that says what a token may look like; never shows the one given */
export function checkAdminToken(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  if (isMistypedToken(token)) {
    // Every function refuses such a token unseen, so this run would let nobody in.
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
