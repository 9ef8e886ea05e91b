import { describe, expect, it } from 'vitest';
import { hashRequest } from '#core/idempotency/key.ts';
import { type KeyRecord, keyLease } from '#core/idempotency/stored-answer.ts';
import { createIdempotency, type Idempotency, type IdempotencyPorts } from '#lambdas/ingest/idempotency.ts';

const key = { applicationId: 'default', keyHash: 'k' };
const away = new Error('the table is away');

/** A table of one key in virtual time; a sleeping request lets the time pass. */
class Keys {
  now = 1_000_000;
  record: KeyRecord | undefined;
  reads = 0;
  readonly notes: string[] = [];
  /** Done, once, when a request has slept until this time. */
  later: { readonly at: number; readonly happens: () => void } | undefined;
  failsToStore: (next: KeyRecord) => boolean = () => false;
  /** Lets others go on; time stands still. */
  readonly together: Partial<IdempotencyPorts> = {
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  };
  private requests = 0;

  readonly ports: IdempotencyPorts = {
    now: () => this.now,
    random: () => 0.5,
    sleep: async (milliseconds) => {
      this.now += milliseconds;
      if (this.later && this.now >= this.later.at) {
        this.later.happens();
        this.later = undefined;
      }
    },
    keys: {
      get: async () => {
        this.reads += 1;
        return this.record;
      },
      store: async (_, next) => {
        if (this.failsToStore(next)) throw away;
        if ((this.record?.revision ?? 0) !== next.revision - 1) return { standing: this.record };
        this.record = next;
        return 'stored';
      },
    },
    onError: (what) => this.notes.push(what),
  };

  post(work: Parameters<Idempotency['run']>[2], body = 'body', rest: Partial<IdempotencyPorts> = {}) {
    this.requests += 1;
    const id = this.requests;
    const request = {
      requestHash: hashRequest('/', body),
      claimId: `request-${id}`,
      eventIds: [`evt_${id}`],
    };
    return createIdempotency({ ...this.ports, ...rest }).run(key, request, work);
  }
}

const answers = (text: string) => async () => text;
const refuses = async () => {
  throw away;
};

describe('doing it once', () => {
  it('works for the first request and repeats its answer to the others, without a read', async () => {
    const keys = new Keys();
    expect(await keys.post(answers('first'))).toEqual({ answer: 'first', replayed: false });
    expect(await keys.post(answers('second'))).toEqual({ answer: 'first', replayed: true });
    expect(keys.reads).toBe(0);
  });

  it('refuses another body', async () => {
    const keys = new Keys();
    await keys.post(answers('first'));
    await expect(keys.post(answers('second'), 'other')).rejects.toMatchObject({
      code: 'idempotency_key_reused',
      status: 409,
    });
  });

  it('waits for the first and gives its answer', async () => {
    const keys = new Keys();
    const release = Promise.withResolvers<string>();
    const first = keys.post(() => release.promise);
    keys.later = { at: keys.now + 1_000, happens: () => release.resolve('first') };
    expect(await keys.post(answers('second'))).toEqual({ answer: 'first', replayed: true });
    expect(await first).toEqual({ answer: 'first', replayed: false });
    expect(keys.reads).toBeGreaterThan(1);
    expect(keys.reads).toBeLessThan(10);
  });

  it('waits for 5 s and then says when to come back', async () => {
    const keys = new Keys();
    const startedAt = keys.now;
    void keys.post(() => new Promise(() => undefined));
    await expect(keys.post(answers('second'))).rejects.toMatchObject({
      code: 'idempotency_in_progress',
      status: 409,
      headers: { 'retry-after': String((keyLease - 5_000) / 1_000) },
    });
    expect(keys.now - startedAt).toBe(5_000);
  });

  it('takes over from a crashed request, with its ids', async () => {
    const keys = new Keys();
    void keys.post(() => new Promise(() => undefined));
    await Promise.resolve();
    keys.now += keyLease;
    const claims: unknown[] = [];
    const work = async (claim: unknown) => {
      claims.push(claim);
      return 'second';
    };
    expect(await keys.post(work)).toEqual({ answer: 'second', replayed: false });
    expect(claims).toEqual([{ eventIds: ['evt_1'], repeat: true }]);
  });

  it('takes over while it waits', async () => {
    const keys = new Keys();
    void keys.post(() => new Promise(() => undefined));
    await Promise.resolve();
    keys.now += keyLease - 2_000;
    expect(await keys.post(answers('second'))).toEqual({ answer: 'second', replayed: false });
  });

  it('releases the key when the work fails, so that a retry need not wait', async () => {
    const keys = new Keys();
    const startedAt = keys.now;
    await expect(keys.post(refuses)).rejects.toBe(away);
    expect(await keys.post(answers('second'))).toEqual({ answer: 'second', replayed: false });
    expect(keys.now).toBe(startedAt);
  });

  it('answers although the answer cannot be stored', async () => {
    const keys = new Keys();
    keys.failsToStore = ({ kind }) => kind === 'answered';
    expect(await keys.post(answers('first'))).toEqual({ answer: 'first', replayed: false });
    expect(keys.notes).toEqual(['the answer']);
  });

  it('throws the error of the work, not that of releasing the key', async () => {
    const keys = new Keys();
    keys.failsToStore = ({ revision }) => revision === 2;
    await expect(keys.post(async () => Promise.reject(new Error('work')))).rejects.toThrow('work');
    expect(keys.notes).toHaveLength(1);
  });

  it('recognises its own claim when the answer to its write was lost', async () => {
    const keys = new Keys();
    const { store } = keys.ports.keys;
    const lossy: IdempotencyPorts = {
      ...keys.ports,
      keys: {
        ...keys.ports.keys,
        // As an SDK repeats a write whose answer it did not get.
        store: async (of, next) => {
          await store(of, next);
          return store(of, next);
        },
      },
    };
    const request = { requestHash: 'h', claimId: 'request', eventIds: ['evt_1'] };
    expect(await createIdempotency(lossy).run(key, request, answers('first'))).toEqual({
      answer: 'first',
      replayed: false,
    });
  });

  it('makes one of a hundred work', async () => {
    const keys = new Keys();
    let worked = 0;
    const work = async () => {
      worked += 1;
      return `answer ${worked}`;
    };
    const all = await Promise.all(Array.from({ length: 100 }, () => keys.post(work, 'body', keys.together)));
    expect(worked).toBe(1);
    expect(new Set(all.map(({ answer }) => answer))).toEqual(new Set(['answer 1']));
    expect(all.filter(({ replayed }) => replayed)).toHaveLength(99);
  });
});
