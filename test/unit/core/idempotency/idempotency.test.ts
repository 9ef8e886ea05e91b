import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideKey, type KeyedRequest } from '#core/idempotency/decide.ts';
import { hashKey, hashRequest, readIdempotencyKey } from '#core/idempotency/key.ts';
import { answered, keyLease, type PendingKey, released } from '#core/idempotency/stored-answer.ts';
import { Problem } from '#core/problem/problem.ts';

const now = Date.UTC(2026, 0, 1);
const posted: KeyedRequest = { requestHash: 'hash', claimId: 'request-1', eventIds: ['evt_1', 'evt_2'] };
const other: KeyedRequest = { requestHash: 'hash', claimId: 'request-2', eventIds: ['evt_8', 'evt_9'] };

function claimOf(decision: ReturnType<typeof decideKey>): PendingKey {
  if (decision.kind !== 'claim') throw new Error(`expected a claim, got ${decision.kind}`);
  return decision.record;
}
const first = claimOf(decideKey(undefined, posted, now));

describe('an idempotency key', () => {
  it('that is new is claimed, with the ids of the events', () => {
    expect(decideKey(undefined, posted, now)).toEqual({
      kind: 'claim',
      repeat: false,
      record: {
        kind: 'pending',
        revision: 1,
        requestHash: 'hash',
        claimId: 'request-1',
        leaseUntil: now + keyLease,
        eventIds: ['evt_1', 'evt_2'],
      },
    });
  });

  it('makes other requests wait while its holder may be working', () => {
    expect(decideKey(first, other, now + keyLease - 1)).toEqual({ kind: 'wait', until: now + keyLease });
  });

  it('is recognised by its holder, whose answer was lost', () => {
    expect(decideKey(first, posted, now)).toEqual({ kind: 'held', record: first });
  });

  it('is taken over when the lease is over, with the ids of the first', () => {
    const at = now + keyLease;
    expect(decideKey(first, other, at)).toEqual({
      kind: 'claim',
      repeat: true,
      record: { ...first, revision: 2, claimId: 'request-2', leaseUntil: at + keyLease },
    });
  });

  it('is taken over at once when it was released', () => {
    expect(decideKey(released(first), other, now)).toMatchObject({
      kind: 'claim',
      repeat: true,
      record: { revision: 3, eventIds: ['evt_1', 'evt_2'] },
    });
  });

  it('repeats the first answer', () => {
    const done = answered(first, '{"a":1.0}');
    expect(done.revision).toBe(2);
    expect(decideKey(done, other, now + 1)).toEqual({ kind: 'replay', answer: '{"a":1.0}' });
  });

  it.each([
    ['pending', first],
    ['given back', released(first)],
    ['answered', answered(first, '')],
  ])('that is %s refuses another request', (_, standing) => {
    expect(decideKey(standing, { ...other, requestHash: 'another' }, now).kind).toBe('reused');
  });

  it("has a lease longer than the ingest function's 29 s, so that two requests never work at once", () => {
    expect(keyLease).toBeGreaterThan(29_000);
  });
});

describe('the header', () => {
  const read = (value: string | undefined) => readIdempotencyKey({ 'idempotency-key': value });

  it('may be left out', () => {
    expect(read(undefined)).toBeUndefined();
  });

  it.each(['a', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '~'.repeat(255), '!'])('may be %.40s', (key) => {
    expect(read(key)).toBe(key);
  });

  it.each([
    ['', '""'],
    ['x'.repeat(256), '256 characters'],
    ['two words', '"two words"'],
    ['tab\t', '\\t'],
    ['é', 'é'],
    ['\u007f', ''],
  ])('may not be %j', (key, received) => {
    try {
      read(key);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      expect(error).toMatchObject({ code: 'invalid_header', status: 400, field: 'idempotency-key' });
      expect(error.detail).toContain(received);
      expect(error.detail).toContain('1 to 255 visible ASCII characters');
    }
  });

  it('accepts exactly 1 to 255 visible ASCII characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300, size: 'max' }), (key) => {
        const isFine = key.length >= 1 && key.length <= 255 && [...key].every((c) => c > ' ' && c < '\u007f');
        const attempt = () => read(key);
        if (isFine) expect(attempt()).toBe(key);
        else expect(attempt).toThrow(Problem);
      }),
    );
  });
});

describe('hashes', () => {
  it('distinguish keys, and requests by their path and every byte', () => {
    expect(hashKey('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(hashKey('a')).not.toBe(hashKey('A'));
    expect(hashRequest('/api/events', '{"a":1}')).toBe(hashRequest('/api/events', '{"a":1}'));
    expect(hashRequest('/api/events', '{"a":1}')).not.toBe(hashRequest('/api/events', '{"a":1.0}'));
    expect(hashRequest('/api/events', '{"a":1}')).not.toBe(hashRequest('/api/events/batch', '{"a":1}'));
  });
});
