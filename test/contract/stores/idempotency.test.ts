import { describe, expect, it } from 'vitest';
import { decideKey } from '#core/idempotency/decide.ts';
import { hashKey, hashRequest } from '#core/idempotency/key.ts';
import { answered, keyLifetime, type PendingKey } from '#core/idempotency/stored-answer.ts';
import { idsAt, noon } from '#test/support/deliveries.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const key = { applicationId: 'default', keyHash: hashKey('a key') };

function pending(events: number): PendingKey {
  const decision = decideKey(
    undefined,
    {
      requestHash: hashRequest('/api/events', 'body'),
      claimId: '6b1f1c5e-7f0a-4ad7-8d0a-0f4b7b1c2d3e',
      eventIds: Array.from({ length: events }, () => idsAt(noon).event()),
    },
    noon,
  );
  if (decision.kind !== 'claim') throw new Error('a new key was not claimed');
  return decision.record;
}

describe.each(engines)('the idempotency store in $name', (engine) => {
  const at = deployedOn(engine);

  it.each([0, 1, 100])('gives back what was stored for %i events', async (events) => {
    const record = pending(events);
    expect(await at.keys.get(key)).toBeUndefined();
    expect(await at.keys.store(key, record)).toBe('stored');
    expect(await at.keys.get(key)).toEqual(record);
    expect(await at.keys.store(key, answered(record, '{"a":1.0}'))).toBe('stored');
    expect(await at.keys.get(key)).toMatchObject({ kind: 'answered', revision: 2, answer: '{"a":1.0}' });
  });

  it('lets the first of many have a new key, and tells the others what stands', async () => {
    const claims = Array.from({ length: 20 }, (_, index) => ({ ...pending(1), claimId: `request-${index}` }));
    const outcomes = await Promise.all(claims.map((claim) => at.keys.store(key, claim)));
    const winner = claims[outcomes.indexOf('stored')];
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome !== 'stored') expect(outcome.standing).toEqual(winner);
  });

  it('lets one of many take over', async () => {
    const record = pending(1);
    await at.keys.store(key, record);
    const next = Array.from({ length: 20 }, (_, n) => ({ ...record, revision: 2, claimId: `request-${n}` }));
    const outcomes = await Promise.all(next.map((claim) => at.keys.store(key, claim)));
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
  });

  it("keeps applications' keys apart", async () => {
    await at.keys.store(key, pending(1));
    expect(await at.keys.get({ ...key, applicationId: 'other' })).toBeUndefined();
  });

  it('forgets a key 24 hours after its last change', async () => {
    const record = pending(1);
    await at.keys.store(key, record);
    at.now = noon + 1_000;
    await at.keys.store(key, answered(record, '{}'));
    at.now = noon + 1_000 + keyLifetime - 1;
    expect(await at.keys.get(key)).toBeDefined();
    at.now += 1;
    expect(await at.keys.get(key)).toBeUndefined();
    expect(await at.keys.store(key, pending(2))).toBe('stored');
    expect(await at.keys.get(key)).toMatchObject({ kind: 'pending', revision: 1 });
  });
});
