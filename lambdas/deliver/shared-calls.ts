import { createCache } from '#core/concurrency/cache.ts';
import { joined } from '#core/concurrency/joined.ts';
import { longestHold } from '#core/delivery/decision.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { type Reservation, type SlotSequence, slotInterval } from '#core/rate-limit/slot.ts';
import type { DeliverPorts } from './ports.ts';

// The messages of a batch are often of one endpoint, above all in a flood: they share reads and slot reservations.
const mostInBatch = 10;

/** Reads endpoints. A consistent read stays one, because it begins after the last caller that shares it has asked. */
export function createSharedLoad(load: DeliverPorts['endpoint']): DeliverPorts['endpoint'] {
  const shared = joined(
    ({ endpointId, consistent }: { readonly endpointId: string; readonly consistent: boolean }) =>
      `${endpointId} ${consistent}`,
    mostInBatch,
    async (asked) => {
      const [{ endpointId, consistent }] = asked;
      const record = await load(endpointId, { consistent });
      return asked.map(() => ({ record }));
    },
  );
  return async (endpointId, { consistent }) => (await shared({ endpointId, consistent })).record;
}

// No older than what an eventually consistent read may show.
const eventGoodFor = 1_000;
// Of up to 256 KiB each.
const eventsKept = 16;

/**
 * Reads events. Every delivery of an event that is too large for its messages reads the same item. Reads within a second
 * share the answer, so that an event for ten thousand endpoints stays within its partition's limit. A consistent read is
 * always made.
 *
 * @param now epoch milliseconds
 */
export function createSharedEvents(read: DeliverPorts['event'], now: () => number): DeliverPorts['event'] {
  const shared = createCache<StoredEvent | undefined>({
    capacity: eventsKept,
    isGood: (_, age) => age < eventGoodFor,
  });
  return (applicationId, eventId, options) =>
    options.consistent
      ? read(applicationId, eventId, options)
      : shared(`${applicationId} ${eventId}`, now(), () => read(applicationId, eventId, options));
}

interface SlotPort {
  /** The time of the first slot; Infinity when it is more than `longest` ms ahead; undefined for a deleted endpoint. */
  reserve(
    endpointId: string,
    reservation: Reservation,
    slots: SlotSequence | undefined,
    longest: number,
  ): Promise<number | undefined>;
}

interface Asking {
  readonly record: EndpointRecord;
  readonly perSecond: number;
  readonly lostAt: number | undefined;
}

/** Reserves consecutive slots in one write, so that a flood stays within a partition's limit. */
export function createSharedReserve(slots: SlotPort): DeliverPorts['reserve'] {
  const reserve = joined(
    ({ record, perSecond }: Asking) => `${record.endpoint.id} ${perSecond}`,
    mostInBatch,
    async (asked) => {
      const [{ record, perSecond }] = asked;
      const { id, updatedAt: asOf } = record.endpoint;
      const lost = asked.flatMap(({ lostAt }) => lostAt ?? []);
      const lostAt = lost.length === 0 ? {} : { lostAt: Math.max(...lost) };
      const reservation = { perSecond, count: asked.length, asOf, ...lostAt };
      const at = await slots.reserve(id, reservation, record.slots, longestHold);
      return asked.map((_, index) => ({ at: at === undefined ? at : at + index * slotInterval(perSecond) }));
    },
  );
  return async (record, perSecond, lostAt) => (await reserve({ record, perSecond, lostAt })).at;
}
