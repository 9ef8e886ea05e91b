import { type AttributeValue, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { deliveryKey, parseDeliveryKey } from '#adapters/dynamodb/table/event-keys.ts';
import type { EventTable } from '#adapters/dynamodb/table/event-table.ts';
import type { ShardRead } from '#adapters/dynamodb/table/newest-first.ts';
import type { Item } from '#adapters/dynamodb/table/table.ts';
import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { heldPrefix } from '#core/delivery/watchdog.ts';
import type { Page, PageRequest } from '#core/page/page.ts';

export const attentionIndex = 'attention';

/** A delivery in the index. `at` in epoch milliseconds. */
interface AttentionReference extends DeliveryKey {
  readonly at: number;
}

// All deliver functions that the settings allow make 50,000 requests at once, a sixteenth of which may end in one
// millisecond under one key. Two more reads of the ties are enough for these, and limit the cost of a list.
const tiesPerRead = 2_000;
const mostTieReads = 2;

type Table = Pick<EventTable, 'client' | 'tableName'>;
type ReadKey = Record<string, AttributeValue> | undefined;

/**
 * Deliveries under one attention key, earliest first.
 *
 * @param until epoch milliseconds, inclusive
 * @throws RangeError when `after` is not a position that a page gave out
 */
export async function earliestFirst(
  table: Table,
  attentionKey: string,
  { after, limit }: PageRequest,
  until: number = Number.MAX_SAFE_INTEGER,
): Promise<Page<DeliveryKey>> {
  const start = after === undefined ? undefined : startKey(attentionKey, after);
  const { references, lastKey } = await query(table, attentionKey, until, limit, true, start);
  const last = references.at(-1);
  return {
    items: references.map(({ endpointId, eventId }) => ({ endpointId, eventId })),
    next: lastKey && last && positionOf(last),
  };
}

/** The last deliveries under one attention key, latest first, in one read. */
export async function latestOf(table: Table, attentionKey: string, limit: number): Promise<DeliveryKey[]> {
  const { references } = await query(table, attentionKey, Number.MAX_SAFE_INTEGER, limit, false, undefined);
  return references.map(({ endpointId, eventId }) => ({ endpointId, eventId }));
}

/**
 * Continues a read under one attention key, latest first. The index does not order deliveries of the same time, so a read
 * ends between two times, never within one.
 */
export async function latestFirst(
  table: Table,
  attentionKey: string,
  before: string | undefined,
  atMost: number,
): Promise<ShardRead<AttentionReference>> {
  const until = before === undefined ? Number.MAX_SAFE_INTEGER : parsePosition(before).at;
  const found: AttentionReference[] = [];
  let lastKey: ReadKey;
  for (let reads = 0; reads === 0 || (lastKey && found.at(-1)?.at === until); reads += 1) {
    if (reads > mostTieReads) {
      throw new Error(
        `${found.length} deliveries under ${attentionKey} have the time ${until}, more than can be listed`,
      );
    }
    const limit = reads === 0 ? atMost : tiesPerRead;
    const read = await query(table, attentionKey, until, limit, false, lastKey);
    found.push(...read.references);
    lastKey = read.lastKey;
  }
  const last = found.at(-1);
  const cut = lastKey && last ? endOf(last.at) : undefined;
  const entries = found.map((reference) => ({ position: positionOf(reference), item: reference }));
  return {
    found: entries.filter(
      ({ position }) => (before === undefined || position < before) && (cut === undefined || position >= cut),
    ),
    readTo: cut,
  };
}

/**
 * A page of all deliveries that a pause or an open circuit holds, whatever their endpoint, in no particular order. It reads
 * every entry of the index, `limit` of them for a page, and may return none of them and still have a `next`.
 */
export async function everyHeld(
  { client, tableName }: Table,
  { after, limit }: PageRequest,
): Promise<Page<DeliveryKey>> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: tableName,
      IndexName: attentionIndex,
      FilterExpression: 'begins_with(attentionKey, :held)',
      ExpressionAttributeValues: { ':held': { S: heldPrefix } },
      Limit: limit,
      ExclusiveStartKey: after === undefined ? undefined : marshall(JSON.parse(after)),
    }),
  );
  return {
    items: Items.map(decodeReference).map(({ endpointId, eventId }) => ({ endpointId, eventId })),
    next: LastEvaluatedKey && JSON.stringify(unmarshall(LastEvaluatedKey)),
  };
}

async function query(
  { client, tableName }: Table,
  attentionKey: string,
  until: number,
  limit: number,
  ascending: boolean,
  start: ReadKey,
): Promise<{ references: AttentionReference[]; lastKey: ReadKey }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: attentionIndex,
      KeyConditionExpression: 'attentionKey = :key AND attentionAt <= :until',
      ExpressionAttributeValues: { ':key': { S: attentionKey }, ':until': { N: String(until) } },
      ScanIndexForward: ascending,
      Limit: limit,
      ExclusiveStartKey: start,
    }),
  );
  return { references: Items.map(decodeReference), lastKey: LastEvaluatedKey };
}

function decodeReference(item: Item): AttentionReference {
  const { pk, sk, attentionAt } = item;
  if (pk?.S === undefined || sk?.S === undefined || attentionAt?.N === undefined) {
    throw new Error(`expected pk, sk and attentionAt in the index, got ${Object.keys(item).join(', ')}`);
  }
  return { ...parseDeliveryKey({ pk: pk.S, sk: sk.S }), at: Number(attentionAt.N) };
}

// The time has the same number of digits until the year 2286, so these texts are ordered as the times are.
const digits = 13;
const pad = (at: number): string => String(at).padStart(digits, '0');
const positionOf = ({ at, endpointId, eventId }: AttentionReference): string =>
  `${pad(at)}.${eventId}.${endpointId}`;
/** Above every position of this time and below those of later ones. */
const endOf = (at: number): string => `${pad(at)}.~`;

const positionPattern = /^(\d{13})\.(?:~|(evt_[0-9a-z]+)\.([0-9a-zA-Z_-]+))$/;

function parsePosition(position: string) {
  const [, at, eventId, endpointId] = positionPattern.exec(position) ?? [];
  if (at === undefined) {
    throw new RangeError(
      `expected the position that a page ended with, got ${JSON.stringify(position.slice(0, 60))}`,
    );
  }
  return { at: Number(at), eventId, endpointId };
}

function startKey(attentionKey: string, after: string): Record<string, AttributeValue> {
  const { at, eventId, endpointId } = parsePosition(after);
  if (eventId === undefined || endpointId === undefined) {
    throw new RangeError(`expected a position that names a delivery, got ${JSON.stringify(after)}`);
  }
  return marshall({ attentionKey, attentionAt: at, ...deliveryKey({ endpointId, eventId }) });
}
