import { Hook0Error } from '../errors.ts';
import { fromBase64, utf8 } from './bytes.ts';

const prefix = 'whsec_';
const accepted = `${prefix} and the base64 of 24 to 64 bytes, or 8 to 256 visible characters`;
/** Letters, marks, numbers, punctuation and symbols of any script, as the API accepts them. */
const visible = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

/**
 * One secret or several, as a list.
 *
 * @throws Hook0Error for a secret that no endpoint can have; the message never repeats it
 */
export function checkedSecrets(given: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (secrets.length === 0) throw refused('an empty list');
  return secrets.map(checkedSecret);
}

/** The bytes that key `webhook-signature`: those that a `whsec_` secret encodes, or the UTF-8 bytes of its text. */
export function keyOf(secret: string): Uint8Array {
  const key = secret.startsWith(prefix) ? fromBase64(secret.slice(prefix.length)) : utf8(secret);
  if (key === undefined) throw refused(`a ${prefix} secret that is not padded base64`);
  return key;
}

function checkedSecret(secret: unknown): string {
  if (typeof secret !== 'string') throw refused(secret === null ? 'null' : typeof secret);
  if (secret.startsWith(prefix)) {
    const { length } = keyOf(secret);
    if (length < 24 || length > 64) throw refused(`a ${prefix} secret of ${length} bytes`);
    return secret;
  }
  const length = [...secret].length;
  if (length < 8 || length > 256) throw refused(`a secret of ${length} characters`);
  if (!visible.test(secret)) throw refused('a secret with blanks, line ends or invisible characters');
  return secret;
}

const refused = (received: string): Hook0Error =>
  new Hook0Error(`secret: received ${received}; expected the secret of the endpoint: ${accepted}`);
