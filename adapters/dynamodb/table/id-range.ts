import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { isEventId, lowestEventId } from '#core/id/ids.ts';
import type { EventTable } from './event-table.ts';
import { type Item, projection } from './table.ts';

/** Event ids between two bounds; they are ordered by time. */
interface IdRange {
  /** Inclusive. */
  readonly low: string;
  /** Exclusive. */
  readonly high: string;
}

interface RangeRead {
  readonly items: readonly Item[];
  /** The lowest id that was read, when there may be more below it. */
  readonly readTo?: string | undefined;
}

/** Selects items of a read. Items that it drops still count as read. */
export interface ItemFilter {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

const firstId = 'evt_';
const lastId = 'evt_~';

/**
 * The ids of events from `since` (inclusive) until `until` (exclusive), epoch milliseconds, absent for no bound.
 *
 * @param before only ids lower than this one
 */
export function idRange(since?: number, until?: number, before?: string): IdRange {
  const high = until === undefined ? lastId : lowestEventId(until);
  return {
    low: since === undefined ? firstId : lowestEventId(since),
    high: before !== undefined && before < high ? before : high,
  };
}

/** @throws RangeError when `after` is not a position that a page gave out */
export function checkPosition(after: string | undefined): void {
  if (after === undefined || isEventId(after)) return;
  throw new RangeError(
    `expected the position that a page ended with, got ${JSON.stringify(after.slice(0, 60))}`,
  );
}

type Table = Pick<EventTable, 'client' | 'tableName'>;

/**
 * Reads at most `limit` items of one partition whose sort keys are event ids, highest first.
 *
 * @param attributes - what to return of each, its sort key included. @default - everything
 */
export async function readRange(
  table: Table,
  partition: string,
  range: IdRange,
  limit: number,
  filter?: ItemFilter,
  attributes?: readonly string[],
): Promise<RangeRead> {
  // DynamoDB refuses BETWEEN with its bounds reversed; here an empty range is not an error.
  if (range.low >= range.high) return { items: [] };
  // One more, because BETWEEN includes the upper bound, which was returned before.
  const read = await readBetween(table, partition, range, limit + 1, false, filter, attributes);
  return { ...read, items: read.items.filter(({ sk }) => sk?.S !== range.high) };
}

/** Like `readRange`, lowest first; `readTo` is then the highest id that was read. `after` is exclusive. */
export async function readAscending(
  table: Table,
  partition: string,
  range: IdRange,
  after: string | undefined,
  limit: number,
  filter: ItemFilter,
): Promise<RangeRead> {
  const low = after !== undefined && after > range.low ? after : range.low;
  if (low >= range.high) return { items: [] };
  // One more where BETWEEN includes an id that was returned before.
  const most = low === after ? limit + 1 : limit;
  const read = await readBetween(table, partition, { ...range, low }, most, true, filter);
  return { ...read, items: read.items.filter(({ sk }) => sk?.S !== after && sk?.S !== range.high) };
}

async function readBetween(
  { client, tableName }: Table,
  partition: string,
  { low, high }: IdRange,
  limit: number,
  ascending: boolean,
  filter: ItemFilter | undefined,
  attributes?: readonly string[],
): Promise<RangeRead> {
  const projected = attributes && projection(attributes);
  const names = { ...filter?.names, ...projected?.ExpressionAttributeNames };
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
      FilterExpression: filter?.expression,
      ProjectionExpression: projected?.ProjectionExpression,
      ExpressionAttributeNames: filter || projected ? names : undefined,
      ExpressionAttributeValues: {
        ...filter?.values,
        ':pk': { S: partition },
        ':low': { S: low },
        ':high': { S: high },
      },
      ScanIndexForward: ascending,
      Limit: limit,
    }),
  );
  return { items: Items, readTo: LastEvaluatedKey?.sk?.S };
}
