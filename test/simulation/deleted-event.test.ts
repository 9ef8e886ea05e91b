import { describe, expect, it } from 'vitest';
import { endWithEvent } from '../../lambdas/core/delivery/end-with-event.ts';
import { answered, endpointId, eventId, World, type WorldOptions } from './world.ts';

const minute = 60_000;
const retries = { maxAttempts: 4, strategy: 'fixed', baseDelay: 30_000, jitter: false } as const;

/** Ends the delivery as the deletion of its event does. */
async function end(world: World): Promise<void> {
  const store = async (next: NonNullable<World['item']>) => {
    if ((world.item?.revision ?? 0) !== next.revision - 1) return { standing: world.item };
    world.item = next;
    return 'stored' as const;
  };
  const event = { applicationId: 'default', id: eventId };
  await endWithEvent({ store }, event, { endpointId, priority: 'normal' }, world.item, world.now);
}

const worldOf = (receiver: WorldOptions['receiver']) => new World({ retryConfig: retries, receiver });
const cancelled = { status: 'cancelled', reason: 'event_deleted' };

describe('a delivery of a deleted event', () => {
  it('is not attempted by a first message that waited for a minute, though that carries the payload', async () => {
    const world = worldOf(() => answered(200));
    await end(world);
    world.now += minute + 2_000;
    await world.run();
    expect(world.requests).toEqual([]);
    expect(world.item?.state).toMatchObject(cancelled);
  });

  it('is not retried, though the message in the retry queue carries the payload', async () => {
    const world = worldOf(() => answered(500));
    await world.run(1);
    expect(world.requests).toHaveLength(1);
    await end(world);
    await world.run();
    expect(world.requests).toHaveLength(1);
    expect(world.item?.state).toMatchObject(cancelled);
    expect(world.deadLetters).toEqual([]);
  });

  it('that goes out within the first minute all the same shows that it did', async () => {
    const world = worldOf(() => answered(200));
    await end(world);
    await world.run();
    expect(world.requests).toHaveLength(1);
    expect(world.item?.state.status).toBe('succeeded');
  });

  it('that goes out within the first minute and fails is not tried again', async () => {
    const world = worldOf(() => answered(500));
    await end(world);
    await world.run();
    expect(world.requests).toHaveLength(1);
    expect(world.item?.state).toMatchObject(cancelled);
  });
});
