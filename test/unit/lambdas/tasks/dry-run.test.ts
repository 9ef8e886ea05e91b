import { describe, expect, it } from 'vitest';
import type { TaskWork } from '#core/task/task.ts';
import { deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { manyDead, world } from './world.ts';

describe('a dry run', () => {
  it.each([
    ['redrive', { kind: 'redrive' }],
    ['recover', { kind: 'recover', endpointId: idsAt(noon).endpoint(), since: 0, until: noon + 1 }],
  ] as [string, TaskWork][])('of a %s counts what the real one starts, and does nothing', async (_, work) => {
    const of = 'endpointId' in work && work.endpointId ? { endpointId: work.endpointId } : {};
    const deliveries = [
      ...manyDead(30, of),
      movedTo(deliveryOf(of), { status: 'succeeded', settledAt: noon }),
    ];
    const dry = world({ deliveries, work, dryRun: true });
    await dry.run();
    expect([...dry.items.values()]).toEqual(deliveries);
    expect(dry.woken).toEqual([]);
    const real = world({ deliveries, work });
    await real.run();
    expect(real.woken).toHaveLength(30);
    expect(dry.state.task).toMatchObject({ status: 'completed', started: 30, dryRun: true });
    expect(dry.state.task?.skipped).toBe(real.state.task?.skipped);
  });
});
