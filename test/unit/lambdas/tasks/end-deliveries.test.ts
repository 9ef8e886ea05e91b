import { describe, expect, it } from 'vitest';
import type { MatchedEndpoint } from '#core/event/event.ts';
import { deliveryOf, eventOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { type Options, world } from './world.ts';

describe('the task of a deleted event', () => {
  const wide = 1_200;
  const ids = idsAt(noon);
  const matched: MatchedEndpoint[] = Array.from({ length: wide }, () => ({
    ...{ endpointId: ids.endpoint(), priority: 'normal' },
  }));
  const event = eventOf({ endpointCount: wide });
  const stored = [
    movedTo(deliveryOf({ endpointId: matched[0]?.endpointId ?? '', eventId: event.id }), {
      ...{ status: 'succeeded', settledAt: noon },
    }),
    movedTo(deliveryOf({ endpointId: matched[1]?.endpointId ?? '', eventId: event.id }), {
      ...{ status: 'held', heldFor: 'paused', since: noon },
    }),
  ];
  const deletion = (crashAt?: Options['crashAt']) =>
    world({
      ...{ event, deliveries: stored, work: { kind: 'delete-event', eventId: event.id } },
      segment: async (_, n) => matched.slice(n * 1_000, (n + 1) * 1_000),
      ...(crashAt ? { crashAt } : {}),
    });

  it('cancels each unsettled delivery, with or without an item', async () => {
    const { items, run, woken, state } = deletion();
    await run();
    const states = [...items.values()].map((one) => one.state);
    expect(states.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
    expect(states.filter((one) => one.status === 'cancelled' && one.reason === 'event_deleted')).toHaveLength(
      wide - 1,
    );
    expect(state.task).toMatchObject({ status: 'completed', started: wide - 1, skipped: 1 });
    expect([woken, state.erased]).toEqual([[], 1]);
  });

  it('cancels everything, whichever step crashes', async () => {
    const calm = deletion();
    await calm.run();
    // The steps are alike, so a crash at a few of them stands for all.
    for (let crash = 1; crash <= calm.state.steps; crash += crash < 6 ? 1 : 211) {
      const { items, run, state } = deletion((step) => step === crash);
      await run();
      expect(items.size, `crash at ${crash}`).toBe(wide);
      expect(state.task, `crash at ${crash}`).toMatchObject({ status: 'completed' });
    }
  });
});
