import { decideKey, type Posted } from '#core/idempotency/decide.ts';
import {
  answered,
  type IdempotencyKey,
  type KeyRecord,
  type PendingKey,
  released,
} from '#core/idempotency/stored-answer.ts';
import { Problem } from '#core/problem/problem.ts';
import type { Claim } from './accept.ts';

export interface OncePorts {
  /** Epoch milliseconds. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  sleep(milliseconds: number): Promise<unknown>;
  readonly keys: {
    get(key: IdempotencyKey): Promise<KeyRecord | undefined>;
    store(
      key: IdempotencyKey,
      next: KeyRecord,
    ): Promise<'stored' | { readonly standing: KeyRecord | undefined }>;
  };
  /** Told what could not be noted about a key, which costs the next request with it a wait and nothing else. */
  troubled(what: string, error: unknown): void;
}

export interface OnceAnswer {
  readonly answer: string;
  /** It is the first request's. */
  readonly replayed: boolean;
}

type Taken =
  | { readonly kind: 'claimed'; readonly held: PendingKey; readonly repeat: boolean }
  | { readonly kind: 'replay'; readonly answer: string };

// Together they keep a hundred requests that wait for one from asking the table a thousand times.
const shortestPause = 40;
const longestPause = 640;
const longestWait = 5_000;

/**
 * Does work once for a key: the first request does it, one that comes while it does waits up to 5 s, and all that
 * come later get its answer. When the first died over it or failed, the next one does it again, with the same ids.
 *
 * @param work makes the answer; when it rejects, nothing of it may be under way any more
 * @throws Problem `idempotency_key_reused`, `idempotency_in_progress` (409), or whatever `work` throws
 */
export async function once(
  key: IdempotencyKey,
  posted: Posted,
  work: (claim: Claim) => Promise<string>,
  ports: OncePorts,
): Promise<OnceAnswer> {
  const taken = await take(key, posted, ports);
  if (taken.kind === 'replay') return { answer: taken.answer, replayed: true };
  const { held, repeat } = taken;
  let answer: string;
  try {
    answer = await work({ eventIds: held.eventIds, repeat });
  } catch (error) {
    await note('that the key is free again', key, released(held), ports);
    throw error;
  }
  await note('the answer', key, answered(held, answer), ports);
  return { answer, replayed: false };
}

async function take(key: IdempotencyKey, posted: Posted, ports: OncePorts): Promise<Taken> {
  const giveUpAt = ports.now() + longestWait;
  // Most keys are new: storing first finds out what stands for the price of the read.
  let standing: KeyRecord | undefined;
  for (let turn = 0; ; turn += 1) {
    const decision = decideKey(standing, posted, ports.now());
    switch (decision.kind) {
      case 'claim': {
        const outcome = await ports.keys.store(key, decision.record);
        if (outcome === 'stored') return { kind: 'claimed', held: decision.record, repeat: decision.repeat };
        standing = outcome.standing;
        break;
      }
      case 'held':
        return { kind: 'claimed', held: decision.record, repeat: decision.record.revision > 1 };
      case 'replay':
        return decision;
      case 'reused':
        throw new Problem('idempotency_key_reused', {
          detail:
            'this idempotency key was used for a request with another body; use a new key for each request',
          field: 'idempotency-key',
        });
      case 'wait': {
        const remaining = giveUpAt - ports.now();
        if (remaining <= 0) throw inProgress(decision.until - ports.now());
        await ports.sleep(Math.min(remaining, pause(turn, ports.random())));
        standing = await ports.keys.get(key);
      }
    }
  }
}

/** Doubles from turn to turn; jitter keeps those who wait together from asking together. */
const pause = (turn: number, random: number): number =>
  Math.min(longestPause, shortestPause * 2 ** Math.min(turn, 10)) * (0.5 + random);

function inProgress(remaining: number): Problem {
  const seconds = Math.max(1, Math.ceil(remaining / 1_000));
  return new Problem('idempotency_in_progress', {
    detail: `the first request with this idempotency key is not done yet; it will be, or given up, within ${seconds} s`,
    field: 'idempotency-key',
    headers: { 'retry-after': String(seconds) },
  });
}

/** What was done is durable whether or not this is noted: the next request finds it, only later. */
async function note(what: string, key: IdempotencyKey, record: KeyRecord, ports: OncePorts): Promise<void> {
  try {
    await ports.keys.store(key, record);
  } catch (error) {
    ports.troubled(what, error);
  }
}
