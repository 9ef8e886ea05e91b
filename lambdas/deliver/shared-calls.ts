import type { EndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import type { SlotStore } from '#adapters/dynamodb/endpoint/slot-store.ts';
import { RecentMap } from '#core/concurrency/cache.ts';
import { joined } from '#core/concurrency/joined.ts';
import { longestHold } from '#core/delivery/decide.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { slotInterval } from '#core/rate-limit/slot.ts';
import type { DeliverPorts } from './ports.ts';

// The messages of a batch are often of one endpoint, all the more in a flood: they share what is asked about it.
const mostInBatch = 10;

/** Reads endpoints. A consistent read stays one, since it begins after the last who shares it has asked. */
export function createSharedLoad(config: Pick<EndpointReader, 'load'>) {
  const load = joined(
    ({ endpointId, consistent }: { readonly endpointId: string; readonly consistent: boolean }) =>
      `${endpointId} ${consistent}`,
    mostInBatch,
    async (asked) => {
      const [{ endpointId, consistent }] = asked;
      const record = await config.load(endpointId, { consistent });
      return asked.map(() => ({ record }));
    },
  );
  return async (endpointId: string, consistent: boolean): Promise<EndpointRecord | undefined> =>
    (await load({ endpointId, consistent })).record;
}

// No older than what a read at half the price may show.
const eventGoodFor = 1_000;
// Of up to 256 KiB each.
const eventsKept = 16;

/**
 * Reads events. One that is too large to travel with its messages is read for each of its deliveries, from one item: who
 * asks within a second of somebody else shares the answer, so that an event for ten thousand endpoints does not use up
 * what its partition bears. A consistent read is always made.
 *
 * @param now epoch milliseconds
 */
export function createSharedEvents(read: DeliverPorts['event'], now: () => number): DeliverPorts['event'] {
  interface Asked {
    readonly at: number;
    readonly answer: Promise<StoredEvent | undefined>;
  }
  const recent = new RecentMap<string, Asked>(eventsKept);
  return async (applicationId, eventId, options) => {
    if (options.consistent) return read(applicationId, eventId, options);
    const key = `${applicationId} ${eventId}`;
    const known = recent.get(key);
    if (known !== undefined && now() - known.at < eventGoodFor) return known.answer;
    const answer = read(applicationId, eventId, options);
    recent.set(key, { at: now(), answer });
    try {
      return await answer;
    } catch (error) {
      // Whoever comes next tries for itself.
      if (recent.get(key)?.answer === answer) recent.delete(key);
      throw error;
    }
  };
}

interface Asking {
  readonly record: EndpointRecord;
  readonly perSecond: number;
  readonly lostAt: number | undefined;
}

/** Reserves places in line, one after the other in one write, so that a flood does not take a partition's writes. */
export function createSharedReserve(rates: SlotStore) {
  const reserve = joined(
    ({ record, perSecond }: Asking) => `${record.endpoint.id} ${perSecond}`,
    mostInBatch,
    async (asked) => {
      const [{ record, perSecond }] = asked;
      const { id, updatedAt: asOf } = record.endpoint;
      const lost = asked.flatMap(({ lostAt }) => lostAt ?? []);
      const lostAt = lost.length === 0 ? {} : { lostAt: Math.max(...lost) };
      const reservation = { perSecond, count: asked.length, asOf, ...lostAt };
      const at = await rates.reserve(id, reservation, record.slots, longestHold);
      return asked.map((_, index) => ({ at: at === undefined ? at : at + index * slotInterval(perSecond) }));
    },
  );
  return async (
    record: EndpointRecord,
    perSecond: number,
    lostAt: number | undefined,
  ): Promise<number | undefined> => (await reserve({ record, perSecond, lostAt })).at;
}
