import { decideKey, type KeyedRequest } from '#core/idempotency/decide.ts';
import {
  answered,
  type IdempotencyKey,
  type KeyRecord,
  type PendingKey,
  released,
} from '#core/idempotency/stored-answer.ts';
import { Problem } from '#core/problem/problem.ts';
import type { KeyClaim } from './accept.ts';

export interface IdempotencyPorts {
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
  /** Called when a record was not stored after the work. The next request with the key waits longer. */
  onError(what: string, error: unknown): void;
}

export interface Idempotency {
  /**
   * Works once for each key: the first request does the work, a request that comes meanwhile waits up to 5 s, and later
   * requests get the first one's answer. If the first request crashed or failed, the next one repeats the work with the
   * same event ids.
   *
   * @param work makes the answer; when it rejects, none of its calls may be running any more
   * @throws Problem `idempotency_key_reused`, `idempotency_in_progress` (409), and what `work` throws
   */
  run(
    key: IdempotencyKey,
    request: KeyedRequest,
    work: (claim: KeyClaim) => Promise<string>,
  ): Promise<IdempotentAnswer>;
}

interface IdempotentAnswer {
  readonly answer: string;
  /** It is the answer to an earlier request. */
  readonly replayed: boolean;
}

type Taken =
  | { readonly kind: 'claimed'; readonly held: PendingKey; readonly repeat: boolean }
  | { readonly kind: 'replay'; readonly answer: string };

// Pauses double up to the longest, so that a hundred waiting requests do not read the table a thousand times.
const shortestPause = 40;
const longestPause = 640;
const longestWait = 5_000;

export function createIdempotency(ports: IdempotencyPorts): Idempotency {
  return {
    async run(key, request, work) {
      const taken = await take(key, request, ports);
      if (taken.kind === 'replay') return { answer: taken.answer, replayed: true };
      const { held, repeat } = taken;
      let answer: string;
      try {
        answer = await work({ eventIds: held.eventIds, repeat });
      } catch (error) {
        await store('that the key is free again', key, released(held), ports);
        throw error;
      }
      await store('the answer', key, answered(held, answer), ports);
      return { answer, replayed: false };
    },
  };
}

async function take(key: IdempotencyKey, request: KeyedRequest, ports: IdempotencyPorts): Promise<Taken> {
  const giveUpAt = ports.now() + longestWait;
  // Most keys are new, so the first call stores without a read; a refused store returns the record that stands.
  let standing: KeyRecord | undefined;
  for (let tried = 0; ; tried += 1) {
    const decision = decideKey(standing, request, ports.now());
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
        await ports.sleep(Math.min(remaining, pause(tried, ports.random())));
        standing = await ports.keys.get(key);
      }
    }
  }
}

/** Doubles with each try; jitter keeps requests that wait together from reading together. */
const pause = (tried: number, random: number): number =>
  Math.min(longestPause, shortestPause * 2 ** Math.min(tried, 10)) * (0.5 + random);

function inProgress(remaining: number): Problem {
  const seconds = Math.max(1, Math.ceil(remaining / 1_000));
  return new Problem('idempotency_in_progress', {
    detail: `a request with this idempotency key is still in progress; try again in ${seconds} s`,
    field: 'idempotency-key',
    headers: { 'retry-after': String(seconds) },
  });
}

/** The work is done and durable whether or not this is stored, so an error is reported and not thrown. */
async function store(
  what: string,
  key: IdempotencyKey,
  record: KeyRecord,
  ports: IdempotencyPorts,
): Promise<void> {
  try {
    await ports.keys.store(key, record);
  } catch (error) {
    ports.onError(what, error);
  }
}
