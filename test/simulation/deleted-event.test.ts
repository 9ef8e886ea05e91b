import { describe, expect, it } from 'vitest';
import { endWithEvent } from '#core/delivery/end-with-event.ts';
import { type DeliveryOptions, eventId, OneDelivery } from './one-delivery.ts';
import { answered } from './plant/receivers.ts';

const minute = 60_000;
const retries = { maxAttempts: 4, strategy: 'fixed', baseDelay: 30_000, jitter: false } as const;

/** Ends the delivery as the deletion of its event does. */
function end({ plant, endpointId, item }: OneDelivery): Promise<boolean> {
  const event = { applicationId: 'default', id: eventId };
  const matched = { endpointId, priority: 'normal' } as const;
  return endWithEvent(plant.stores.deliveries, event, matched, item, plant.now);
}

const worldOf = (receiver: DeliveryOptions['receiver']) =>
  new OneDelivery({ retryConfig: retries, receiver });
const cancelled = { status: 'cancelled', reason: 'event_deleted' };

describe('a delivery of a deleted event', () => {
  it('is not attempted by a first message that waited for a minute, though that carries the payload', async () => {
    const world = worldOf(() => answered(200));
    await end(world);
    await world.plant.wait(minute + 2_000);
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

  it('that is sent within the first minute all the same shows only that it was sent', async () => {
    const world = worldOf(() => ({ ...answered(200), responseBody: 'you sent {"n":1.0}' }));
    await end(world);
    await world.run();
    expect(world.requests).toHaveLength(1);
    expect(world.item?.state.status).toBe('succeeded');
    expect(JSON.stringify(world.item)).not.toContain('1.0');
  });

  it('keeps how it ended, and nothing that its endpoint answered', async () => {
    const answer = { responseBody: 'you sent {"n":1.0}', responseHeaders: { 'x-echo': '1.0' } };
    const world = worldOf((n) => ({ ...answered(n === 1 ? 500 : 200), ...answer }));
    await world.run();
    const before = world.item;
    expect(before?.attempts).toMatchObject([answer, answer]);
    expect(await end(world)).toBe(false);
    expect(world.item).toMatchObject({ state: before?.state, attemptCount: 2 });
    expect(world.item?.attempts.map(({ statusCode }) => statusCode)).toEqual([500, 200]);
    expect(JSON.stringify(world.item)).not.toContain('1.0');
    const { item } = world;
    expect(await end(world)).toBe(false);
    expect(world.item).toBe(item);
  });

  it('forgets the answers of attempts before it was ended, too', async () => {
    const world = worldOf(() => ({ ...answered(500), responseBody: 'you sent {"n":1.0}' }));
    await world.run(1);
    expect(await end(world)).toBe(true);
    expect(world.item?.attempts).toHaveLength(1);
    expect(JSON.stringify(world.item)).not.toContain('1.0');
  });

  it('that is sent within the first minute and fails is not tried again', async () => {
    const world = worldOf(() => answered(500));
    await end(world);
    await world.run();
    expect(world.requests).toHaveLength(1);
    expect(world.item?.state).toMatchObject(cancelled);
  });
});
