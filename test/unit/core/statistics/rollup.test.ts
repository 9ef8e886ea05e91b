import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contributionsOf, eventContributions } from '#core/statistics/contribution.ts';
import {
  type Counters,
  eventLabel,
  eventLabelLimit,
  failingLimit,
  noCounters,
  otherEvents,
  parseEventLabel,
  sumCounters,
} from '#core/statistics/counters.ts';
import { hourMs } from '#core/statistics/hour.ts';
import { estimateQuantile } from '#core/statistics/quantile.ts';
import {
  type CountedChange,
  newRollup,
  type Rollup,
  roll,
  writesRemembered,
} from '#core/statistics/rollup.ts';
import { attemptOf, deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';

const settled = { status: 'succeeded', settledAt: noon } as const;
const failure = attemptOf({ success: false, statusCode: 500, retryable: true, duration: 700 });
const retry = attemptOf({ number: 2, startedAt: noon + 5_000 });

/** What a change adds to the endpoint's total. */
const added = (...change: Parameters<typeof contributionsOf>): Counters | undefined =>
  contributionsOf(...change).find(({ key }) => key.subject.kind === 'endpoint' && key.span === 'total')
    ?.counters;

describe('what a stored change adds', () => {
  it('is the attempt of a first-try success, which had no item before', () => {
    expect(added(undefined, deliveryOf({ attempts: [attemptOf()], state: settled, revision: 1 }))).toEqual({
      ...noCounters,
      attempts: 1,
      successes: 1,
      duration: 103,
      durations: [0, 1, 0, 0, 0, 0, 0, 0],
      settled: { succeeded: 1 },
      lastSuccessAt: noon,
    });
  });

  it('is the attempts that the old image has not', () => {
    const before = deliveryOf({ attempts: [failure], revision: 1 });
    const after = movedTo(before, settled, { attempts: [failure, retry] });

    expect(added(before, after)).toMatchObject({ attempts: 1, successes: 1, retries: { 2: 1 } });
  });

  it('is one attempt when the history is full and the oldest was dropped', () => {
    const history = Array.from({ length: 21 }, (_, index) => ({ ...failure, number: index + 1 }));
    const before = deliveryOf({ attempts: history.slice(0, 20) });
    const after = movedTo(before, { status: 'queued', dueAt: noon }, { attempts: history.slice(1) });

    expect(added(before, after)).toMatchObject({
      attempts: 1,
      successes: 0,
      retries: { 21: 1 },
      settled: {},
    });
  });

  it('is nothing for a wait, a hold or a claim', () => {
    const before = deliveryOf({ attempts: [failure] });

    expect(
      contributionsOf(before, movedTo(before, { status: 'held', heldFor: 'paused', since: noon })),
    ).toEqual([]);
    expect(contributionsOf(undefined, deliveryOf())).toEqual([]);
  });

  it('is how a delivery ended, each time that it ends', () => {
    const dead = deliveryOf({ state: { status: 'dead', settledAt: noon, reason: 'exhausted' } });
    const cancelled = deliveryOf({ state: { status: 'cancelled', settledAt: noon, reason: 'expired' } });

    expect(added(undefined, dead)?.settled).toEqual({ exhausted: 1 });
    expect(added(undefined, cancelled)?.settled).toEqual({ cancelled: 1 });
    expect(added(dead, movedTo(dead, settled))?.settled).toEqual({ succeeded: 1 });
    expect(contributionsOf(dead, movedTo(dead, dead.state))).toEqual([]);
  });

  it('counts in the hour of the attempt and in the hour of the end', () => {
    const late = deliveryOf({
      attempts: [attemptOf({ startedAt: noon - 1 })],
      state: settled,
    });
    const hours = contributionsOf(undefined, late).filter(({ key }) => key.subject.kind === 'endpoint');

    expect(hours.map(({ key, counters }) => [key.span, counters.attempts, counters.settled])).toEqual([
      ['total', 1, { succeeded: 1 }],
      [noon - hourMs, 1, {}],
      [noon, 0, { succeeded: 1 }],
    ]);
  });

  it('tells the application which endpoint failed', () => {
    const delivery = deliveryOf({ attempts: [failure] });
    const application = contributionsOf(undefined, delivery).filter(
      ({ key }) => key.subject.kind === 'application',
    );

    expect(application).toMatchObject([
      { key: { span: noon }, counters: { failing: { [delivery.endpointId]: 1 } } },
    ]);
  });

  it('is an event, whose type and source only the total tells apart', () => {
    const event = { applicationId: 'acme', type: 'order.created', timestamp: noon };
    const [hour, total] = eventContributions(event);

    expect(hour).toMatchObject({ key: { span: noon }, counters: { events: 1, eventLabels: {} } });
    expect(total?.counters.eventLabels).toEqual({ [eventLabel('order.created', '')]: 1 });
  });
});

const counters: fc.Arbitrary<Counters> = fc
  .record({
    attempts: fc.nat(5),
    retries: fc.dictionary(fc.constantFrom('2', '3'), fc.nat(5), { noNullPrototype: true }),
    events: fc.nat(5),
  })
  .map((given) => ({ ...noCounters, ...given }));
const changes = fc
  .array(counters, { maxLength: 40 })
  .map((all) =>
    all.map((one, index): CountedChange => ({ fingerprint: String(index).padStart(8, '0'), counters: one })),
  );

const apply = (rollup: Rollup, batch: readonly CountedChange[]): Rollup =>
  roll(rollup, batch, noon) ?? rollup;

describe('a roll-up', () => {
  it('counts the same however the changes are cut into batches, and however often a batch comes again', () => {
    fc.assert(
      fc.property(
        changes,
        fc.infiniteStream(
          fc.record({ size: fc.integer({ min: 1, max: 9 }), repeats: fc.nat(3), from: fc.nat(9) }),
        ),
        (all, cuts) => {
          let rollup = newRollup;
          for (let start = 0; start < all.length; ) {
            const { size, repeats, from } = cuts.next().value ?? { size: 1, repeats: 0, from: 0 };
            const batch = all.slice(start, start + size);
            rollup = apply(rollup, batch);
            // It crashed after the write: what comes again is the batch, or what bisecting left of it.
            for (let again = 0; again < repeats; again += 1) rollup = apply(rollup, batch.slice(from % size));
            start += size;
          }

          expect(rollup.counters).toEqual(sumCounters(all.map((change) => change.counters)));
        },
      ),
    );
  });

  const one = { ...noCounters, attempts: 1 };
  /** How often a batch is counted that comes again after others of the same size. */
  const timesCounted = (others: number, size: number) => {
    const batchOf = (name: number) =>
      Array.from(
        { length: size },
        (_, index): CountedChange => ({ fingerprint: `${name} ${index}`, counters: one }),
      );
    const batches = Array.from({ length: others + 1 }, (_, index) => batchOf(index));
    const rollup = [...batches, batchOf(0)].reduce(apply, newRollup);
    return rollup.counters.attempts / size - others;
  };

  it.each([
    ['small', 2, writesRemembered.small],
    ['large', 200, writesRemembered.large],
  ])('recognises a %s batch while its write is remembered, and no longer', (_, size, remembered) => {
    expect(timesCounted(remembered - 1, size)).toBe(1);
    expect(timesCounted(remembered, size)).toBe(2);
  });

  it('is not written when nothing of a batch is new', () => {
    const batch = [{ fingerprint: '00000001', counters: noCounters }];

    expect(roll(apply(newRollup, batch), batch, noon)).toBeUndefined();
  });
});

describe('what would grow without end', () => {
  it('counts a limited number of types and sources apart, and all later ones together', () => {
    const events = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...noCounters,
        eventLabels: { [eventLabel(`t${index}`, 's')]: 1 },
      }));
    const { eventLabels } = sumCounters([...events(eventLabelLimit + 7), ...events(3)]);

    expect(Object.keys(eventLabels)).toHaveLength(eventLabelLimit + 1);
    expect(eventLabels[otherEvents]).toBe(7);
    expect(eventLabels[eventLabel('t2', 's')]).toBe(2);
  });

  it('remembers the endpoints that fail most', () => {
    const failing = Array.from({ length: failingLimit + 5 }, (_, index) => ({
      ...noCounters,
      failing: { [`ep_${index}`]: index + 1 },
    }));

    expect(Object.keys(sumCounters(failing).failing)).toHaveLength(failingLimit);
    expect(Object.keys(sumCounters(failing).failing)[0]).toBe(`ep_${failingLimit + 4}`);
  });

  it('keeps any type and source apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (type, source) => {
        expect(parseEventLabel(eventLabel(type, source))).toEqual({ type, source });
      }),
    );
  });
});

describe('a quantile of the durations', () => {
  const of = (durations: readonly number[], quantile: number) => estimateQuantile({ durations }, quantile);

  it('is interpolated within its bucket', () => {
    expect(of([0, 10, 0, 0, 0, 0, 0, 0], 0.5)).toBe(300);
    expect(of([5, 5, 0, 0, 0, 0, 0, 0], 0.5)).toBe(100);
    expect(of([99, 0, 0, 0, 1, 0, 0, 0], 0.99)).toBe(100);
    expect(of([0, 0, 0, 0, 0, 0, 4, 0], 1)).toBe(30_000);
  });

  it('is the last bound beyond it, and nothing without attempts', () => {
    expect(of([0, 0, 0, 0, 0, 0, 0, 3], 0.5)).toBe(30_000);
    expect(of(noCounters.durations, 0.5)).toBeUndefined();
  });

  it('never falls when the quantile rises, and lies in the bucket of the true one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 8, maxLength: 8 }), (durations) => {
        const estimates = [0.5, 0.95, 0.99, 1].map((quantile) => of(durations, quantile) ?? 0);
        expect(estimates).toEqual(estimates.toSorted((a, b) => a - b));
      }),
    );
  });
});
