import { describe, expect, it } from 'vitest';
import { watchdogEntryOf, watchdogShards } from '#core/delivery/watchdog.ts';
import { deliveryId } from '#core/id/ids.ts';
import { cancelled, isOver, type TaskWork } from '#core/task/task.ts';
import { handleTaskMessage, type TaskPorts } from '#lambdas/tasks/handle-message.ts';
import { deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';
import { receivedOf } from '#test/support/received.ts';
import { deadAt, generations, manyDead, type Options, world } from './world.ts';

describe('a redrive task', () => {
  it('starts every dead delivery once, a hundred a second', async () => {
    const { items, woken, run, state } = world({ deliveries: manyDead(450), work: { kind: 'redrive' } });
    await run();
    expect(new Set(generations(items.values()))).toEqual(new Set([2]));
    expect(woken).toHaveLength(450);
    expect(state.task).toMatchObject({ status: 'completed', started: 450, skipped: 0 });
    // A step may take a page more than its hundred.
    expect(state.task?.step).toBeGreaterThanOrEqual(3);
  });

  it('paces its steps with a second between them', async () => {
    const { queue, ports } = world({ deliveries: manyDead(450), work: { kind: 'redrive' } });
    await handleTaskMessage(receivedOf(queue[0]?.body ?? ''), ports);
    expect(queue.at(-1)).toMatchObject({ delay: 1_000 });
  });

  it('takes the deliveries that were dead when it was made, so that it ends', async () => {
    const { items, run, state } = world({
      deliveries: [deadAt(noon), deadAt(noon + 1)],
      work: { kind: 'redrive' },
    });
    await run();
    expect(generations(items.values())).toEqual([2, 1]);
    expect(state.task).toMatchObject({ status: 'completed', started: 1 });
  });

  it('keeps to its endpoint and to its named deliveries', async () => {
    const [mine, other] = [deadAt(noon), deadAt(noon)];
    const alive = movedTo(deliveryOf(), { status: 'succeeded', settledAt: noon });
    const foreign = deadAt(noon, { applicationId: 'other' });
    const named = [mine, alive, foreign].map(({ endpointId, eventId }) => deliveryId(endpointId, eventId));
    const works: TaskWork[] = [
      { kind: 'redrive', endpointId: mine.endpointId },
      { kind: 'redrive', deliveryIds: named },
    ];
    for (const work of works) {
      const { items, run } = world({ deliveries: [mine, other, alive, foreign], work });
      await run();
      expect(generations(items.values())).toEqual([2, 1, 1, 1]);
    }
  });

  it.each(['disabled', undefined] as const)(
    'leaves dead what belongs to an endpoint that is %s',
    async (status) => {
      const { items, run, state } = world({
        ...{ deliveries: manyDead(3), work: { kind: 'redrive' }, status: () => status },
      });
      await run();
      expect(generations(items.values())).toEqual([1, 1, 1]);
      expect(state.task).toMatchObject({ status: 'completed', started: 0, skipped: 3 });
    },
  );

  it('starts everything once, whichever step crashes', async () => {
    const length = (crashAt?: Options['crashAt']) =>
      world({ deliveries: manyDead(120), work: { kind: 'redrive' }, ...(crashAt ? { crashAt } : {}) });
    const calm = length();
    await calm.run();
    for (let crash = 1; crash <= calm.state.steps; crash += 1) {
      const { items, run, state } = length((step) => step === crash);
      await run();
      expect(new Set(generations(items.values())), `crash at ${crash}`).toEqual(new Set([2]));
      expect(state.task, `crash at ${crash}`).toMatchObject({ status: 'completed' });
    }
  });

  it('has one message at a time, also when one is repeated', async () => {
    const { queue, ports, run, state, woken } = world({
      ...{ deliveries: manyDead(450), work: { kind: 'redrive' } },
    });
    const [first] = queue;
    if (!first) throw new Error('no message');
    queue.push({ ...first });
    const sent: string[] = [];
    const queueStep: TaskPorts['queueStep'] = async (task, delay) => {
      sent.push(`${task.step}`);
      await ports.queueStep(task, delay);
    };
    const counting = { ...ports, queueStep };
    await Promise.all([
      handleTaskMessage(receivedOf(first.body), counting),
      handleTaskMessage(receivedOf(first.body), counting),
    ]);
    queue.splice(0, 1);
    await run(200, counting);
    expect(state.task).toMatchObject({ status: 'completed' });
    expect(woken).toHaveLength(450);
    expect(sent).toEqual([...new Set(sent)]);
  });

  it('stops when it is cancelled, and counts the step that was under way', async () => {
    const { queue, ports, state } = world({ deliveries: manyDead(450), work: { kind: 'redrive' } });
    const wake: TaskPorts['wake'] = async (...parameters) => {
      if (state.task && !isOver(state.task)) state.task = cancelled(state.task, noon);
      await ports.wake(...parameters);
    };
    await handleTaskMessage(receivedOf(queue[0]?.body ?? ''), { ...ports, wake });
    expect(state.task).toMatchObject({ status: 'cancelled', started: expect.any(Number) });
    expect(state.task?.started).toBeGreaterThanOrEqual(100);
    expect(queue).toHaveLength(1);
    await handleTaskMessage(receivedOf(queue[0]?.body ?? '', 2), ports);
    expect(queue).toHaveLength(1);
  });

  it('scans every shard', async () => {
    const deliveries = manyDead(200);
    const shards = new Set(deliveries.map((delivery) => watchdogEntryOf(delivery)?.key));
    expect(shards.size).toBe(watchdogShards);
  });
});
