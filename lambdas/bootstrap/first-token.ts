import { createHash } from 'node:crypto';
import {
  allApplications,
  hashToken,
  makeToken,
  type TokenRecord,
  tokenRandomBytes,
} from '#core/token/token.ts';

export interface BootstrapPorts {
  now(): number;
  randomBytes(count: number): Uint8Array;
  readonly secret: { read(): Promise<string | undefined>; write(value: string): Promise<void> };
  readonly tokens: {
    findByHash(hash: string): Promise<TokenRecord | undefined>;
    create(record: TokenRecord, hash: string): Promise<unknown>;
    hashes(owner: string): Promise<readonly { readonly id: string; readonly hash: string }[]>;
    remove(owner: string, id: string): Promise<boolean>;
  };
  ensureDefaultApplication(): Promise<unknown>;
}

/**
 * Creates the default application and the first admin token. Repeating it changes nothing: a secret that holds a token
 * keeps it, and only the token's hash goes to the table.
 *
 * A token that was in the secret before is revoked, so that an operator replaces the token by changing the secret. Tokens
 * that were made by the API are not revoked.
 */
export async function bootstrap(ports: BootstrapPorts): Promise<void> {
  await ports.ensureDefaultApplication();
  const present = await ports.secret.read();
  const token = isPlaceholder(present) ? makeToken(ports.randomBytes(tokenRandomBytes)) : present;
  const hash = hashToken(token);
  if (!(await ports.tokens.findByHash(hash))) {
    await ports.tokens.create(adminRecord(hash, ports.now()), hash);
  }
  // The secret is written last, because a token can be used as soon as it can be read.
  if (token !== present) await ports.secret.write(token);
  for (const { id, hash: other } of await ports.tokens.hashes(allApplications)) {
    if (other !== hash && id === idOf(other)) await ports.tokens.remove(allApplications, id);
  }
}

/**
 * The stack creates the secret with a JSON object as a placeholder, because CloudFormation cannot make the checksum of a
 * token. Any other value is a token, which this function made before or the operator chose.
 */
function isPlaceholder(value: string | undefined): value is undefined {
  return value === undefined || value.trim() === '' || value.startsWith('{');
}

function adminRecord(hash: string, now: number): TokenRecord {
  return {
    id: idOf(hash),
    applicationId: allApplications,
    name: 'first admin token',
    scopes: ['admin'],
    createdAt: now,
  };
}

// Derived from the token, so that concurrent runs write the same record, and that the token is known as the first one.
const idOf = (hash: string): string => `tok_${createHash('sha256').update(hash).digest('hex').slice(0, 26)}`;
