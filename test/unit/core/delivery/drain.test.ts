import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '#core/delivery/delivery.ts';
import {
  awaited,
  type DrainProgress,
  oldestOf,
  planHeld,
  planStep,
  stepPause,
} from '#core/delivery/drain.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';

const cause = noon - 60_000;
const progress: DrainProgress = { cause, step: 3, size: 40, at: noon - stepPause, last: 'evt_3' };
const at = (state: DeliveryState) => movedTo(deliveryOf(), state);
const succeeded = at({ status: 'succeeded', settledAt: noon });
const clean = { cause, dirty: false };

describe('the steps of a drain', () => {
  it('begin with ten', () => {
    const step = { cause, step: 1, size: 10, at: noon };
    expect(planStep(clean, undefined, 0, undefined, noon)).toEqual({ kind: 'release', step });
    expect(planStep(clean, { ...progress, cause: cause - 1 }, 0, undefined, noon)).toEqual({
      kind: 'release',
      step,
    });
  });

  it('double while the endpoint answers well, up to what one function can do', () => {
    const size = (before: number, dirty = false) => {
      const plan = planStep({ cause, dirty }, { ...progress, size: before }, 3, succeeded, noon);
      return plan.kind === 'release' ? [plan.step.step, plan.step.size] : plan.kind;
    };
    expect([10, 20, 320, 640].map((before) => size(before))).toEqual([
      [4, 20],
      [4, 40],
      [4, 640],
      [4, 640],
    ]);
    expect(size(320, true)).toEqual([4, 10]);
  });

  it.each([
    ['repeated', 2, noon],
    ['begun twice', 0, noon],
    ['early', 3, noon - 1_000],
  ])('are not taken by a message that is %s', (_, asked, now) => {
    expect(planStep(clean, progress, asked, succeeded, now)).toEqual({ kind: 'stop' });
  });

  it.each([
    ['queued', at({ status: 'queued', dueAt: noon - 1 }), 'look-again'],
    ['being attempted', at({ status: 'attempting', claimId: 'c', until: noon + 9 }), 'look-again'],
    ['waiting for its backoff', at({ status: 'queued', dueAt: noon + 9 }), 'release'],
    ['crashed', at({ status: 'attempting', claimId: 'c', until: noon - 9 }), 'release'],
    ['settled', succeeded, 'release'],
  ])('wait for the one before: its last delivery is %s', (_, last, kind) => {
    expect(planStep(clean, progress, 3, last, noon).kind).toBe(kind);
  });

  it('do not wait for ever', () => {
    expect(awaited(undefined, noon)).toBeUndefined();
    expect(awaited(progress, noon)).toBe('evt_3');
    expect(awaited(progress, noon + 6 * 60_000)).toBeUndefined();
    expect(planStep(clean, progress, 3, undefined, noon + 6 * 60_000).kind).toBe('release');
  });
});

describe('what is held for an endpoint', () => {
  const endpoint = anEndpoint({ id: 'ep_1' });
  const open = {
    state: 'open',
    revision: 1,
    epoch: 0,
    since: noon - 9,
    failures: 5,
    failingSince: noon - 99,
    until: noon,
    reopenings: 0,
  } as const;
  const closed = { state: 'closed', revision: 2, epoch: 1, since: noon - 5, failures: 0 } as const;
  const active = { status: 'active', since: noon - 50 } as const;
  const cases: [string, EndpointRecord | undefined, ReturnType<typeof planHeld>][] = [
    ['paused', { endpoint, state: { status: 'paused', since: 1 } }, { kind: 'stay' }],
    ['open', { endpoint, state: active, circuit: open }, { kind: 'stay' }],
    ['disabled', { endpoint, state: { status: 'disabled', since: 7 } }, { kind: 'cancel', since: 7 }],
    ['deleted', undefined, { kind: 'cancel', since: 0 }],
    ['resumed', { endpoint, state: active }, { kind: 'drain', cause: noon - 50 }],
    ['closed', { endpoint, state: active, circuit: closed }, { kind: 'drain', cause: noon - 5 }],
  ];
  it.each(cases)('by one that is %s', (_, record, expected) => {
    expect(planHeld(record)).toEqual(expected);
  });
});

describe('the oldest of all shards', () => {
  it('are taken in order, and never one before an older one that was not read', () => {
    const shards = fc.array(fc.uniqueArray(fc.integer({ min: 100, max: 999 }), { maxLength: 30 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        shards,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 30 }),
        (all, size, limit) => {
          const ids = all.map((shard, n) =>
            shard.toSorted((a, b) => a - b).map((id) => ({ eventId: `${id}-${n}` })),
          );
          const pages = ids.map((items) =>
            items.length > limit ? { items: items.slice(0, limit), next: 'more' } : { items },
          );
          const every = ids
            .flat()
            .map(({ eventId }) => eventId)
            .toSorted();
          const taken = oldestOf(pages, size).map(({ eventId }) => eventId);
          expect(taken).toEqual(every.slice(0, taken.length));
          expect(taken.length).toBeLessThanOrEqual(size);
          if (every.length > 0) expect(taken.length).toBeGreaterThan(0);
          if (limit >= size) expect(taken.length).toBe(Math.min(size, every.length));
        },
      ),
    );
  });
});
