import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '#core/delivery/decide.ts';
import { type Delivery, isSettled } from '#core/delivery/delivery.ts';
import { askedAt, isOnItsWay, redrivable, restart, retryable } from '#core/delivery/restart.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { anyStored, attemptOf, deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';
import { answer, attempted } from '#test/support/facts.ts';

const base = deliveryOf({ attemptCount: 3 });
const policy = effectiveRetryPolicy('standard');
const dead = movedTo(base, { status: 'dead', settledAt: noon - 5, reason: 'exhausted' });

/** One delivery's item and the messages for it. */
function world(item: Delivery | undefined) {
  const state = { item, woken: [] as DeliveryMessage[] };
  const ports = {
    deliveries: {
      store: async (next: Delivery) => {
        await Promise.resolve();
        if ((state.item?.revision ?? 0) !== next.revision - 1) return { standing: state.item };
        state.item = next;
        return 'stored' as const;
      },
    },
    keepEvent: async () => true,
    retention: 0,
    wake: async (_: Delivery, message: DeliveryMessage) => void state.woken.push(message),
  };
  return { state, ports };
}

describe('starting a delivery again', () => {
  it('makes the next generation, due now, with its attempts counted from the start and its history kept', async () => {
    const { state, ports } = world(dead);
    expect(await restart(ports, dead, redrivable, noon)).toEqual({ kind: 'restarted', delivery: state.item });
    expect(state.item).toEqual({
      ...dead,
      ...{ generation: 2, attemptCount: 0, revision: dead.revision + 1 },
      earlier: [{ generation: 1, death: { reason: 'exhausted', at: noon - 5 } }],
      state: { status: 'queued', dueAt: noon, restarted: true },
    });
    expect(state.woken).toMatchObject([{ generation: 2, first: false, eventId: dead.eventId }]);
  });

  it('happens once, however many ask at once', async () => {
    const { state, ports } = world(dead);
    const all = await Promise.all(Array.from({ length: 50 }, () => restart(ports, dead, redrivable, noon)));
    expect(all.filter(({ kind }) => kind === 'restarted')).toHaveLength(1);
    expect(state.item?.generation).toBe(2);
    expect(state.woken).toHaveLength(1);
  });

  it('leaves what another generation became meanwhile', async () => {
    const later = { ...dead, generation: 2, revision: dead.revision + 4 };
    const { state, ports } = world(later);
    expect(await restart(ports, dead, redrivable, noon)).toEqual({ kind: 'unchanged', delivery: later });
    expect(state.item).toBe(later);
  });

  it('asks again of what moved on within its generation', async () => {
    const held = movedTo(base, { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon + 9_000 });
    const released = movedTo(held, { status: 'queued', dueAt: noon + 9_000 });
    const { state, ports } = world(released);
    expect((await restart(ports, held, retryable(noon, false), noon)).kind).toBe('restarted');
    expect(state.item).toMatchObject({ generation: 2, revision: released.revision + 1 });
  });

  it('leaves what waits in a queue for its place in the line of a rate limit, and not what the table holds for one', async () => {
    const slot = { perSecond: 1, lost: 0, since: noon - 9_000 };
    const near = movedTo(base, { status: 'queued', dueAt: noon + 9_000, slot });
    const { state, ports } = world(near);
    expect((await restart(ports, near, retryable(noon, true), noon)).kind).toBe('unchanged');
    expect(state.item).toBe(near);
    const held = { status: 'held', heldFor: 'rate_limit', since: noon - 9_000 } as const;
    const far = movedTo(base, { ...held, dueAt: noon + 90_000, slot });
    const table = world(far);
    expect((await restart(table.ports, far, retryable(noon, true), noon)).kind).toBe('restarted');
  });

  it('leaves an attempt that was claimed meanwhile', async () => {
    const held = movedTo(base, { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon });
    const claimed = movedTo(held, { status: 'attempting', claimId: 'theirs', until: noon + 30_000 });
    const { state, ports } = world(claimed);
    expect((await restart(ports, held, retryable(noon, false), noon)).kind).toBe('unchanged');
    expect(state.item).toBe(claimed);
  });

  it('does not wake what it could not store, and says so when its message is refused', async () => {
    const { state, ports } = world(dead);
    const wake = async () => {
      throw new Error('the queue is away');
    };
    await expect(restart({ ...ports, wake }, dead, redrivable, noon)).rejects.toThrow('away');
    expect(state.item).toMatchObject({ generation: 2, state: { status: 'queued' } });
  });
});

describe('what may be started again', () => {
  it('by a redrive is dead, and nothing else', () => {
    fc.assert(
      fc.property(anyStored, (delivery) => {
        const fact = {
          kind: 'restart_requested',
          generation: delivery.generation,
          from: redrivable(delivery),
        } as const;
        const { store } = decide(delivery, fact, noon, 0);
        expect(store !== undefined).toBe(delivery.state.status === 'dead');
      }),
    );
  });

  it('by hand is all that neither succeeded nor is being attempted anyway', () => {
    fc.assert(
      fc.property(anyStored, fc.boolean(), (delivery, evenSucceeded) => {
        const from = retryable(noon, evenSucceeded)(delivery);
        const { store } = decide(
          delivery,
          { kind: 'restart_requested', generation: delivery.generation, from },
          noon,
          0,
        );
        const isWanted = evenSucceeded || delivery.state.status !== 'succeeded';
        expect(store !== undefined).toBe(isWanted && !isOnItsWay(delivery, noon));
      }),
    );
  });

  it('by hand, twice in a row, makes one generation', () => {
    fc.assert(
      fc.property(anyStored, (delivery) => {
        const once = (standing: Delivery) => {
          const from = retryable(noon, true)(standing);
          return decide(
            standing,
            { kind: 'restart_requested', generation: standing.generation, from },
            noon,
            0,
          ).store;
        };
        const first = once(delivery);
        if (first) expect(once(first)).toBeUndefined();
      }),
    );
  });
});

describe('a delivery whose message is in quarantine', () => {
  const decided = (delivery: Delivery, generation = delivery.generation) =>
    decide(delivery, { kind: 'quarantined', generation }, noon, 0);

  it.each([
    [1, 15 * 60_000],
    [2, 60 * 60_000],
    [3, 4 * 60 * 60_000],
  ])('is held the time number %i, longer each time, and spends no attempt', (quarantines, wait) => {
    const before = { ...base, quarantines: quarantines - 1 };
    const state = { status: 'held', heldFor: 'internal', since: noon, dueAt: noon + wait } as const;
    expect(decided(before)).toEqual({
      store: movedTo(before, state, { quarantines }),
      commands: [],
      next: { kind: 'acknowledge' },
    });
  });

  it('is held no shorter than it had to wait anyway', () => {
    const dueAt = noon + 60 * 60_000;
    const { store } = decided(movedTo(base, { status: 'queued', dueAt }));
    expect(store?.state).toMatchObject({ status: 'held', dueAt });
  });

  it('counts anew after an attempt and in a new generation', () => {
    const tried = decide({ ...base, quarantines: 2 }, attempted(answer(500), policy), noon, 0);
    expect(tried.store).toMatchObject({ attemptCount: 4, quarantines: undefined });
    const request = { kind: 'restart_requested', generation: 1, from: ['dead'] } as const;
    const restarted = decide({ ...dead, quarantines: 3 }, request, noon, 0);
    expect(restarted.store).toMatchObject({ generation: 2, quarantines: undefined });
  });

  it('becomes dead the fourth time, with its dead letter', () => {
    const spent = { ...base, quarantines: 3 };
    expect(decided(spent)).toEqual({
      store: movedTo(spent, { status: 'dead', settledAt: noon, reason: 'internal' }),
      commands: [{ kind: 'dead-letter', generation: 1, reason: 'internal' }],
      next: { kind: 'acknowledge' },
    });
  });

  it('gets its dead letter again when it is dead: a crash may have come before it', () => {
    expect(decided(dead)).toEqual({
      commands: [{ kind: 'dead-letter', generation: 1, reason: 'exhausted' }],
      next: { kind: 'acknowledge' },
    });
  });

  it('waits while a function attempts it', () => {
    const until = noon + 1;
    expect(decided(movedTo(base, { status: 'attempting', claimId: 'theirs', until }))).toEqual({
      commands: [],
      next: { kind: 'requeue', until: until },
    });
  });

  it('is left alone when it is settled, held, or in a later generation', () => {
    fc.assert(
      fc.property(anyStored, fc.boolean(), (delivery, isOld) => {
        const { store } = decided(delivery, isOld ? delivery.generation - 1 : delivery.generation);
        const { state } = delivery;
        const isTheirs = isSettled(state) || state.status === 'held' || isOld;
        if (isTheirs) expect(store).toBeUndefined();
        else if (store) expect(store.state).toMatchObject({ status: 'held', heldFor: 'internal' });
      }),
    );
  });
});

describe('what was asked for at a time', () => {
  const anything = askedAt(noon, () => ['queued']);
  const before = noon - 1;
  const after = noon + 1;
  const held = { status: 'held', heldFor: 'paused' } as const;
  const queued = { status: 'queued', dueAt: noon } as const;

  it.each([
    ['died before', movedTo(base, { status: 'dead', settledAt: before, reason: 'refused' }), true],
    ['died since', movedTo(base, { status: 'dead', settledAt: after, reason: 'refused' }), false],
    ['succeeded since', movedTo(base, { status: 'succeeded', settledAt: after }), false],
    ['is held since before', movedTo(base, { ...held, since: before }), true],
    ['is held since', movedTo(base, { ...held, since: after }), false],
    ['was claimed and given up', movedTo(base, { status: 'attempting', claimId: 'c', until: before }), true],
    ['was under way', movedTo(base, { status: 'attempting', claimId: 'c', until: after }), false],
    [
      'was attempted before',
      movedTo({ ...base, attempts: [attemptOf({ startedAt: before })] }, queued),
      true,
    ],
    ['was attempted since', movedTo({ ...base, attempts: [attemptOf({ startedAt: after })] }, queued), false],
  ])('is told by what %s', (_, delivery, expected) => {
    expect(anything(delivery)).toEqual(expected ? ['queued'] : []);
  });
});
