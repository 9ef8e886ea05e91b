import { createHash } from 'node:crypto';
import {
  allApplications,
  hashToken,
  makeToken,
  type TokenRecord,
  tokenRandomBytes,
} from '../core/tenant/token.ts';

export interface BootstrapPorts {
  now(): number;
  randomBytes(count: number): Uint8Array;
  readonly secret: { read(): Promise<string | undefined>; write(value: string): Promise<void> };
  readonly tokens: {
    findByHash(hash: string): Promise<TokenRecord | undefined>;
    create(record: TokenRecord, hash: string): Promise<unknown>;
  };
  ensureDefaultApplication(): Promise<unknown>;
}

/**
 * Makes the default application and the first admin token. Repeating it changes nothing: a secret that holds a
 * token keeps it, and only the token's hash goes to the table.
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
}

/**
 * CloudFormation cannot make a token's checksum, so the stack creates the secret with a JSON object as its
 * placeholder. Anything else in it is a token: made here before, or chosen by whoever deploys.
 */
function isPlaceholder(value: string | undefined): value is undefined {
  return value === undefined || value.trim() === '' || value.startsWith('{');
}

function adminRecord(hash: string, now: number): TokenRecord {
  // From the token, so that two runs at once write the same record.
  const id = `tok_${createHash('sha256').update(hash).digest('hex').slice(0, 26)}`;
  return { id, applicationId: allApplications, name: 'first admin token', scopes: ['admin'], createdAt: now };
}
