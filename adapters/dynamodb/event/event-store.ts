import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { conditionalPut, conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import {
  eventKey,
  eventPartition,
  eventShards,
  segmentKey,
  segmentsPerItem,
} from '#adapters/dynamodb/table/event-keys.ts';
import { type EventTable, eventTtl } from '#adapters/dynamodb/table/event-table.ts';
import { checkPosition, type ItemFilter, idRange, readRange } from '#adapters/dynamodb/table/id-range.ts';
import { newestFirst } from '#adapters/dynamodb/table/newest-first.ts';
import { expressionOf } from '#adapters/dynamodb/table/step.ts';
import { type Item, isExpired, readItem, toAttributes } from '#adapters/dynamodb/table/table.ts';
import { inTurns } from '#core/concurrency/concurrency.ts';
import { type Matched, type MatchedEndpoint, type StoredEvent, segmentSize } from '#core/event/event.ts';
import type { PageRequest } from '#core/page/page.ts';
import {
  type Decoded,
  decodeEvent,
  decodeListed,
  decodeSegment,
  decodeTombstone,
  encodeEvent,
  encodeSegments,
  encodeTombstone,
  listedAttributes,
  segmentAttributes,
  type Tombstone,
} from './event-item.ts';

/** Selects the events of a list. Times are epoch milliseconds. */
export interface EventQuery extends PageRequest {
  readonly type?: string;
  readonly source?: string;
  readonly tag?: string;
  /** Inclusive. */
  readonly since?: number;
  /** Exclusive. */
  readonly until?: number;
}

// A page of unfiltered events needs its share of each shard and a little more, because shards fill unevenly.
const spare = 4;
// A filter may drop most items of a read, so each read takes more.
const filteredRead = 50;
// An item of segments has up to 310 KB: eight at a time do not occupy the sockets for long.
const itemsAtATime = 8;

export function createEventStore(table: EventTable) {
  const { client, tableName, now, retentionDays } = table;

  const live = <Content>({ content, ttl }: { content: Content; ttl: number }): Content | undefined =>
    isExpired(ttl, now()) ? undefined : content;

  const standing = <Content>(
    applicationId: string,
    item: Item,
    decode: (applicationId: string, item: Item) => Decoded<Content>,
  ): Content | undefined => (decodeTombstone(item) ? undefined : live(decode(applicationId, item)));
  const bury = async (applicationId: string, event: Tombstone, ttl: number): Promise<void> => {
    const Item = encodeTombstone(applicationId, event, ttl);
    await client.send(new PutItemCommand({ TableName: tableName, Item }));
  };

  return {
    /**
     * Stores an event once, however often a request is repeated. An event that stands is returned as it is. A deleted
     * event is returned without its endpoints and stays deleted.
     *
     *     request   put if missing ✓ ── dies
     *     repeat                          put if missing ✗: gets the event that stands, and queues its deliveries again
     */
    async create(event: StoredEvent) {
      const outcome = await conditionalPut(table, encodeEvent(event, retentionDays), expressionOf('missing'));
      if (outcome.applied) return 'created';
      const { standing } = outcome;
      if (standing === undefined)
        throw new Error(`DynamoDB refused event ${event.id} because it exists, but did not return it`);
      if (decodeTombstone(standing)) return { exists: { ...event, endpointCount: 0, endpoints: [] } };
      return { exists: decodeEvent(event.applicationId, standing).content };
    },

    /** Stores which endpoints an event matched, 1,000 to a segment, counted from 0. Repeating it is harmless. */
    async createSegments(event: StoredEvent, matched: readonly MatchedEndpoint[]) {
      const perItem = segmentsPerItem * segmentSize;
      const items = Array.from({ length: Math.ceil(matched.length / perItem) }, (_, item) => {
        const segments = Array.from({ length: segmentsPerItem }, (_, index) => {
          const from = item * perItem + index * segmentSize;
          return matched.slice(from, from + segmentSize);
        });
        const filled = segments.filter(({ length }) => length > 0);
        return encodeSegments(event, item * segmentsPerItem, filled, retentionDays);
      });
      await inTurns(items, itemsAtATime, (Item) =>
        client.send(new PutItemCommand({ TableName: tableName, Item })),
      );
    },

    async get(
      applicationId: string,
      eventId: string,
      { consistent = false }: { readonly consistent?: boolean } = {},
    ) {
      const item = await readItem(table, eventKey(applicationId, eventId), { consistent });
      return item && standing(applicationId, item, decodeEvent);
    },

    async segment(eventId: string, segment: number) {
      const attributes = segmentAttributes(segment);
      const item = await readItem(table, segmentKey(eventId, segment), { attributes });
      const decoded = item && decodeSegment(item, segment);
      return decoded && live(decoded);
    },

    /**
     * Deletes an event except for the endpoints that it matched: from then on reads do not return it. Repeating it is
     * harmless.
     *
     * @returns the rest, so that its deliveries can be ended; undefined when there is no such event
     */
    async erase(applicationId: string, eventId: string) {
      const item = await readItem(table, eventKey(applicationId, eventId));
      if (item === undefined) return undefined;
      const earlier = decodeTombstone(item);
      if (earlier) return live({ ...earlier, content: { id: eventId, ...earlier.content } });
      const { content, ttl } = decodeEvent(applicationId, item);
      if (isExpired(ttl, now())) return undefined;
      const { endpointCount, endpoints } = content;
      const left: Tombstone = { id: eventId, isDone: false, endpointCount, endpoints };
      // Events never change, so no write can come between. An expired event that DynamoDB deletes meanwhile expires again.
      await bury(applicationId, left, ttl);
      return left;
    },

    /** Notes that all deliveries of an erased event are ended. */
    erased: (applicationId: string, event: Matched) =>
      bury(applicationId, { ...event, isDone: true }, eventTtl(now(), retentionDays)),

    /**
     * Keeps an event at least as long as if it were delivered at `from` (epoch milliseconds), because a delivery of it
     * starts again. One write, of the size of the event.
     *
     * @returns false when there is no such event, or it was deleted
     */
    async keep(applicationId: string, eventId: string, from: number): Promise<boolean> {
      const ttl = eventTtl(from, retentionDays);
      const outcome = await conditionalUpdate(table, eventKey(applicationId, eventId), {
        UpdateExpression: 'SET #ttl = :ttl',
        // A deleted event has an x.
        ConditionExpression: '#ttl > :now AND #ttl < :ttl AND attribute_not_exists(x)',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: toAttributes({ ':ttl': ttl, ':now': Math.floor(now() / 1_000) }),
      });
      if (outcome.applied) return true;
      const { standing } = outcome;
      return standing !== undefined && standing.x === undefined && Number(standing.ttl?.N) >= ttl;
    },

    /**
     * The application's events, newest first. A page may be short and still have a `next`.
     *
     * @throws RangeError when `after` is not a position that a page gave out
     */
    async list(applicationId: string, query: EventQuery) {
      checkPosition(query.after);
      const filter = filterOf(query);
      const perRead = filter ? filteredRead : Math.ceil(query.limit / eventShards) + spare;
      return newestFirst({
        shards: eventShards,
        limit: query.limit,
        after: query.after,
        read: async (shard, before) => {
          const range = idRange(query.since, query.until, before);
          const partition = eventPartition(applicationId, shard);
          const found = await readRange(table, partition, range, perRead, filter, listedAttributes);
          const events = found.items.flatMap((item) => standing(applicationId, item, decodeListed) ?? []);
          return { ...found, found: events.map((event) => ({ position: event.id, item: event })) };
        },
      });
    },
  };
}

function filterOf({ type, source, tag }: EventQuery): ItemFilter | undefined {
  const wanted: { clause: string; name: string; attribute: string; value: string | undefined }[] = [
    { clause: '#t = :t', name: '#t', attribute: 't', value: type },
    { clause: '#s = :s', name: '#s', attribute: 's', value: source },
    { clause: 'contains(#g, :g)', name: '#g', attribute: 'g', value: tag },
  ];
  const clauses: string[] = [];
  const names: Record<string, string> = {};
  const values: Item = {};
  for (const { clause, name, attribute, value } of wanted) {
    if (value === undefined) continue;
    clauses.push(clause);
    names[name] = attribute;
    values[`:${attribute}`] = { S: value };
  }
  return clauses.length === 0 ? undefined : { expression: clauses.join(' AND '), names, values };
}
