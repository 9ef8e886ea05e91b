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
 * Makes the default application and the first admin token. Repeating it changes nothing: a secret that holds a
 * token keeps it, and only the token's hash goes to the table.
 *
 * A token that stood in the secret before is revoked: whoever changes the secret replaces the token. Those that were
 * made by the API are left alone.
 */
export async function bootstrap(ports: BootstrapPorts): Promise<void> {
  await ports.ensureDefaultApplication();
  const present = await ports.secret.read();
  const token = isPlaceholder(present) ? makeToken(ports.randomBytes(tokenRandomBytes)) : present;
  const hash = hashToken(token);
  if (!(await ports.tokens.findByHash(hash))) {
    await ports.tokens.create(adminRecord(hash, ports.now()), hash);
  }
  // The value last: whoever can read a token can use it.
  if (token !== present) await ports.secret.write(token);
  for (const { id, hash: other } of await ports.tokens.hashes(allApplications)) {
    if (other !== hash && id === idOf(other)) await ports.tokens.remove(allApplications, id);
  }
}

/**
 * CloudFormation cannot make a token's checksum, so the stack creates the secret with a JSON object as its
 * placeholder. Anything else in it is a token: made here before, or chosen by whoever deploys.
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

// From the token, so that two runs at once write the same record, and that it is known as one that was made here.
const idOf = (hash: string): string => `tok_${createHash('sha256').update(hash).digest('hex').slice(0, 26)}`;
