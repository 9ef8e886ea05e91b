import fc from 'fast-check';
import type { Attempt, Delivery, DeliveryState } from '#core/delivery/delivery.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import { pack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { createIds } from '#core/id/ids.ts';

/** A time in 2026 that tests agree on, epoch milliseconds. */
export const noon = Date.UTC(2026, 10, 23, 12);

let made = 0;
/** Ids that are different in every call, as if made at `time`. */
export const idsAt = (time: number) =>
  createIds({
    now: () => time,
    randomBytes: (count) => {
      made += 1;
      const bytes = Buffer.alloc(count);
      bytes.writeUInt32BE(Math.imul(made, 2_654_435_761) >>> 0, count - 8);
      bytes.writeUInt32BE(made, count - 4);
      return bytes;
    },
  });

export const eventOf = (change: Partial<StoredEvent> = {}): StoredEvent => {
  const timestamp = change.timestamp ?? noon;
  return {
    id: idsAt(timestamp).event(),
    applicationId: 'default',
    type: 'order.created',
    tags: [],
    timestamp,
    deliverAt: timestamp,
    payload: pack(Buffer.from('{"amount":1.0}')),
    endpointCount: 0,
    endpoints: [],
    ...change,
  };
};

export const deliveryOf = (change: Partial<Delivery> = {}): Delivery => {
  const createdAt = change.createdAt ?? noon;
  const ids = idsAt(createdAt);
  const of = {
    applicationId: 'default',
    endpointId: ids.endpoint(),
    eventId: ids.event(),
    priority: 'normal' as const,
  };
  return { ...newDelivery(of, createdAt), ...change };
};

/** The same delivery as it would be stored next, in this state. */
export const movedTo = (
  delivery: Delivery,
  state: DeliveryState,
  change: Partial<Delivery> = {},
): Delivery => ({
  ...delivery,
  revision: delivery.revision + 1,
  state,
  ...change,
});

export const attemptOf = (change: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  generation: 1,
  startedAt: noon,
  duration: 103,
  success: true,
  statusCode: 200,
  responseHeaders: { 'content-type': 'application/json' },
  responseBody: '{"received":true}',
  retryable: false,
  ...change,
});

const time = fc.integer({ min: noon - 1_000_000, max: noon + 1_000_000 });

const anySlot = fc.record({
  perSecond: fc.constantFrom(1, 5),
  lost: fc.integer({ min: 0, max: 3 }),
  since: time,
});

/** Any state, with times around `noon`. */
export const anyState: fc.Arbitrary<DeliveryState> = fc.oneof(
  fc.record({ status: fc.constant('queued' as const), dueAt: time }),
  fc.record({ status: fc.constant('queued' as const), dueAt: time, slot: anySlot }),
  fc.record({ status: fc.constant('attempting' as const), claimId: fc.uuid(), until: time }),
  fc.record(
    {
      status: fc.constant('held' as const),
      heldFor: fc.constantFrom(
        'backoff' as const,
        'circuit' as const,
        'internal' as const,
        'paused' as const,
        'rate_limit' as const,
        'scheduled' as const,
      ),
      since: time,
      dueAt: time,
      slot: anySlot,
    },
    { requiredKeys: ['status', 'heldFor', 'since'] },
  ),
  fc.record({ status: fc.constant('succeeded' as const), settledAt: time }),
  fc.record({
    status: fc.constant('dead' as const),
    settledAt: time,
    reason: fc.constantFrom(
      'exhausted' as const,
      'refused' as const,
      'gone' as const,
      'forbidden_target' as const,
      'internal' as const,
    ),
  }),
  fc.record({
    status: fc.constant('cancelled' as const),
    settledAt: time,
    reason: fc.constantFrom(
      'endpoint_disabled' as const,
      'endpoint_deleted' as const,
      'event_deleted' as const,
      'expired' as const,
    ),
  }),
);

/** Any delivery that has an item. */
export const anyStored: fc.Arbitrary<Delivery> = fc
  .record({
    state: anyState,
    revision: fc.integer({ min: 1, max: 50 }),
    generation: fc.integer({ min: 1, max: 4 }),
    attemptCount: fc.integer({ min: 0, max: 9 }),
  })
  .map(deliveryOf);
