import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { TaskWork } from '#core/task/task.ts';
import { deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { generations, hour, world } from './world.ts';

describe('a recovery', () => {
  const ids = idsAt(noon);
  const endpointId = ids.endpoint();
  const work: TaskWork = { kind: 'recover', endpointId, since: noon - hour, until: noon };
  const at = (time: number, state: Delivery['state'], change: Partial<Delivery> = {}) =>
    movedTo(deliveryOf({ endpointId, createdAt: time, ...change }), state);
  const dead = { status: 'dead', settledAt: noon, reason: 'exhausted' } as const;
  const cancelledFor = (reason: 'endpoint_disabled' | 'event_deleted') =>
    ({ status: 'cancelled', settledAt: noon, reason }) as const;

  it('starts only what died or was cancelled of the events of its time', async () => {
    const deliveries = [
      at(noon - 1, dead),
      at(noon - hour, cancelledFor('endpoint_disabled')),
      at(noon - 1, cancelledFor('event_deleted')),
      at(noon - 1, { status: 'succeeded', settledAt: noon }),
      at(noon - 1, { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon + hour }),
      at(noon - hour - 1, dead),
      at(noon, dead),
      at(noon - 1, dead, { endpointId: ids.endpoint() }),
      at(noon - 1, dead, { applicationId: 'other' }),
    ];
    const { items, run, state } = world({ deliveries, work });
    await run();
    expect(generations(items.values())).toEqual([2, 2, 1, 1, 1, 1, 1, 1, 1]);
    expect(state.task).toMatchObject({ status: 'completed', started: 2, skipped: 2 });
  });

  it('scans every shard in paced steps, and starts each delivery once, whichever step crashes', async () => {
    // More than one step takes, however they are spread over the shards.
    const deliveries = Array.from({ length: 200 }, (_, n) => at(noon - 1 - n, dead));
    const calm = world({ deliveries, work });
    await calm.run();
    expect(calm.state.task?.step).toBeGreaterThanOrEqual(2);
    for (let crash = 1; crash <= calm.state.steps; crash += crash < 9 ? 1 : 7) {
      const { items, run, state } = world({ deliveries, work, crashAt: (step) => step === crash });
      await run();
      expect(new Set(generations(items.values())), `crash at ${crash}`).toEqual(new Set([2]));
      expect(state.task, `crash at ${crash}`).toMatchObject({ status: 'completed' });
    }
  });

  it('ends when its endpoint is disabled meanwhile', async () => {
    const { items, run, state } = world({
      ...{ deliveries: [at(noon - 1, dead)], work, status: () => 'disabled' },
    });
    await run();
    expect(generations(items.values())).toEqual([1]);
    expect(state.task).toMatchObject({ status: 'completed', started: 0 });
  });
});
