import type { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { eventTtl } from '#adapters/dynamodb/table/event-table.ts';
import { type StoredEvent, segmentSize } from '#core/event/event.ts';
import { lowestEventId } from '#core/id/ids.ts';
import type { EventRow, Tables } from './tables.ts';

type Events = ReturnType<typeof createEventStore>;

export function memoryEvents({ events, segments, now, retentionDays }: Tables): Events {
  const rowOf = (applicationId: string, id: string): EventRow | undefined => {
    const row = events.get(id);
    return row?.applicationId === applicationId ? row : undefined;
  };
  const live = <Row extends { readonly expiresAt: number }>(row: Row | undefined): Row | undefined =>
    row && row.expiresAt > now() ? row : undefined;
  const expiryOf = (from: number): number => eventTtl(from, retentionDays) * 1_000;

  return {
    async create(event) {
      const { id, applicationId } = event;
      const standing = rowOf(applicationId, id);
      if (!standing) {
        events.set(id, { applicationId, event, expiresAt: expiryOf(event.deliverAt) });
        return 'created';
      }
      return { exists: standing.event ?? { ...event, endpointCount: 0, endpoints: [] } };
    },

    async createSegments({ id, deliverAt }, matched) {
      for (let from = 0; from < matched.length; from += segmentSize)
        segments.set(`${id} ${from / segmentSize}`, {
          endpoints: matched.slice(from, from + segmentSize),
          expiresAt: expiryOf(deliverAt),
        });
    },

    get: async (applicationId, id) => live(rowOf(applicationId, id))?.event,

    segment: async (id, number) => {
      const row = live(segments.get(`${id} ${number}`));
      return row && [...row.endpoints];
    },

    async erase(applicationId, id) {
      const row = live(rowOf(applicationId, id));
      if (!row?.event) return row?.left;
      const { endpointCount, endpoints } = row.event;
      const left = { id, isDone: false, endpointCount, endpoints };
      events.set(id, { applicationId, left, expiresAt: row.expiresAt });
      return left;
    },

    async erased(applicationId, event) {
      const left = { ...event, isDone: true };
      events.set(event.id, { applicationId, left, expiresAt: expiryOf(now()) });
    },

    async keep(applicationId, id, from) {
      const row = live(rowOf(applicationId, id));
      if (!row?.event) return false;
      events.set(id, { ...row, expiresAt: Math.max(row.expiresAt, expiryOf(from)) });
      return true;
    },

    async list(applicationId, { type, source, tag, since, until, after, limit }) {
      const isListed = (event: StoredEvent): boolean =>
        event.applicationId === applicationId &&
        (type === undefined || event.type === type) &&
        (source === undefined || event.source === source) &&
        (tag === undefined || event.tags.includes(tag)) &&
        (since === undefined || event.id >= lowestEventId(since)) &&
        (until === undefined || event.id < lowestEventId(until)) &&
        (after === undefined || event.id < after);
      const found = [...events.values()]
        .flatMap((row) => live(row)?.event ?? [])
        .filter(isListed)
        .toSorted((a, b) => (a.id < b.id ? 1 : -1));
      const items = found.slice(0, limit).map(({ payload, ...listed }) => listed);
      return found.length > limit ? { items, next: items.at(-1)?.id } : { items };
    },
  };
}
