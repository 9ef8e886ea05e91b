import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { eventKey, segmentKey, segmentsPerItem } from '#adapters/dynamodb/table/event-keys.ts';
import { eventTtl } from '#adapters/dynamodb/table/event-table.ts';
import { type Item, itemVersion, toAttributes } from '#adapters/dynamodb/table/table.ts';
import { pack, unpack } from '#core/event/compression.ts';
import type { ListedEvent, Matched, MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { decodeMatched, encodeMatched } from './matched-endpoints.ts';

// Names are billed with every item, so they are short: t type, s source, g tags, at accepted, da deliver at (absent
// when it is `at`), p payload, z whether p is compressed, n how many endpoints matched, e the endpoints, h how many webhooks
// led to it (absent for none, so that an ordinary event costs nothing more).
const listed = {
  sk: z.string(),
  v: z.literal(itemVersion),
  ttl: z.number(),
  t: z.string(),
  s: z.optional(z.string()),
  g: z.optional(z.array(z.string())),
  at: z.number(),
  da: z.optional(z.number()),
  n: z.number(),
  e: z.optional(z.string()),
  h: z.optional(z.number()),
};
const listedItem = z.object(listed);
const payloadItem = z.object({ p: z.instanceof(Uint8Array), z: z.optional(z.literal(1)) });

/** The attributes that `decodeListed` and `decodeTombstone` need. */
export const listedAttributes = [...Object.keys(listed), 'x'];

// The rest of a deleted event, without anything that was posted. x says whether its deliveries are being ended or were.
const tombstone = z.object({
  v: z.literal(itemVersion),
  ttl: z.number(),
  x: z.enum(['deleting', 'deleted']),
  n: z.number(),
  e: z.optional(z.string()),
});

const segmentsItem = z.object({ v: z.literal(itemVersion), ttl: z.number() });
const packedSegment = z.instanceof(Uint8Array);

/** An item's content and when it may be forgotten, in epoch seconds. */
export interface Decoded<Content> {
  readonly content: Content;
  readonly ttl: number;
}

export function encodeEvent(event: StoredEvent, retentionDays: number): Item {
  return toAttributes({
    ...eventKey(event.applicationId, event.id),
    v: itemVersion,
    ttl: eventTtl(event.deliverAt, retentionDays),
    t: event.type,
    s: event.source,
    g: event.tags.length === 0 ? undefined : event.tags,
    at: event.timestamp,
    da: event.deliverAt === event.timestamp ? undefined : event.deliverAt,
    p: event.payload.bytes,
    z: event.payload.compressed ? 1 : undefined,
    n: event.endpointCount,
    e: event.endpoints.length === 0 ? undefined : encodeMatched(event.endpoints),
    h: event.hops || undefined,
  });
}

/** @throws Error when the item is not an event that this release can read */
export function decodeEvent(applicationId: string, item: Item): Decoded<StoredEvent> {
  const found = unmarshall(item);
  const { content, ttl } = listedIn(applicationId, found);
  const { p, z: compressed } = payloadItem.parse(found);
  return { content: { ...content, payload: { compressed: compressed === 1, bytes: p } }, ttl };
}

/** @throws Error when the item is not an event that this release can read */
export const decodeListed = (applicationId: string, item: Item): Decoded<ListedEvent> =>
  listedIn(applicationId, unmarshall(item));

function listedIn(applicationId: string, attributes: unknown): Decoded<ListedEvent> {
  const { ttl, ...found } = listedItem.parse(attributes);
  const content: ListedEvent = {
    id: found.sk,
    applicationId,
    type: found.t,
    source: found.s,
    tags: found.g ?? [],
    timestamp: found.at,
    deliverAt: found.da ?? found.at,
    endpointCount: found.n,
    endpoints: decodeMatched(found.e ?? ''),
    hops: found.h,
  };
  return { content, ttl };
}

/** The rest of a deleted event: which endpoints it matched, so that its deliveries can be ended. */
export interface Tombstone extends Matched {
  readonly isDone: boolean;
}

/** Replaces an event's item, and expires when the event would have expired. */
export function encodeTombstone(
  applicationId: string,
  { id, isDone, ...rest }: Tombstone,
  ttl: number,
): Item {
  return toAttributes({
    ...eventKey(applicationId, id),
    v: itemVersion,
    ttl,
    x: isDone ? 'deleted' : 'deleting',
    n: rest.endpointCount,
    e: rest.endpoints.length === 0 ? undefined : encodeMatched(rest.endpoints),
  });
}

/** Undefined for an event that stands. */
export function decodeTombstone(item: Item): Decoded<Omit<Tombstone, 'id'>> | undefined {
  if (item.x === undefined) return undefined;
  const { x, n, e = '', ttl } = tombstone.parse(unmarshall(item));
  return { content: { isDone: x === 'deleted', endpointCount: n, endpoints: decodeMatched(e) }, ttl };
}

// e0 to e9 the segments of an item, z0 to z9 whether they are compressed.
const segmentNames = (segment: number) => {
  const place = segment % segmentsPerItem;
  return { endpoints: `e${place}`, compressed: `z${place}` };
};

/** @param first the number of the first of the segments, a multiple of `segmentsPerItem` */
export function encodeSegments(
  event: StoredEvent,
  first: number,
  segments: readonly (readonly MatchedEndpoint[])[],
  retentionDays: number,
): Item {
  const attributes = segments.map((matched, index) => {
    const packed = pack(Buffer.from(encodeMatched(matched)));
    const names = segmentNames(first + index);
    return { [names.endpoints]: packed.bytes, [names.compressed]: packed.compressed ? 1 : undefined };
  });
  return toAttributes({
    ...segmentKey(event.id, first),
    v: itemVersion,
    ttl: eventTtl(event.deliverAt, retentionDays),
    ...Object.assign({}, ...attributes),
  });
}

/** The attributes that `decodeSegment` needs. */
export const segmentAttributes = (segment: number): string[] => [
  'v',
  'ttl',
  ...Object.values(segmentNames(segment)),
];

/**
 * Undefined when the item does not hold the segment.
 *
 * @throws Error when the item is not one of segments that this release can read
 */
export function decodeSegment(item: Item, segment: number): Decoded<MatchedEndpoint[]> | undefined {
  const found = unmarshall(item);
  const { ttl } = segmentsItem.parse(found);
  const names = segmentNames(segment);
  if (found[names.endpoints] === undefined) return undefined;
  const bytes = packedSegment.parse(found[names.endpoints]);
  const text = unpack({ compressed: found[names.compressed] === 1, bytes });
  return { content: decodeMatched(Buffer.from(text).toString()), ttl };
}
