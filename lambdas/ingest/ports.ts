import type { Posted } from '../core/idempotency/decide.ts';
import type { Authenticate } from '../runtime/http/auth.ts';
import type { Claim, NewEvent, Outcome } from './accept.ts';
import type { OnceAnswer, UsedKey } from './once.ts';

export interface IngestPorts {
  /** Epoch milliseconds. */
  now(): number;
  readonly authenticate: Authenticate;
  newEventId(): string;
  accept(applicationId: string, events: readonly NewEvent[], claim: Claim): Promise<readonly Outcome[]>;
  once(key: UsedKey, posted: Posted, work: (claim: Claim) => Promise<string>): Promise<OnceAnswer>;
}
