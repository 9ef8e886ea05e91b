import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** What every store of the event table needs. */
export interface EventTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1), for jitter; default `Math.random`. */
  readonly random?: () => number;
  /** How long settled deliveries are kept. */
  readonly retentionDays: number;
}

/** The version that every item carries, so that a later release can tell what it reads. */
export const itemVersion = 1;

const day = 24 * 60 * 60;
// The longest hold (14 days) and the longest retry horizon (7 days): an event outlives its last delivery.
const longestLife = 21 * day;

/** When an event, or a segment of it, may be forgotten; epoch seconds, as the table's TTL wants them. */
export const eventTtl = (deliverAt: number, retentionDays: number): number =>
  Math.ceil(deliverAt / 1_000) + longestLife + retentionDays * day;

/** When a settled delivery may be forgotten; epoch seconds. */
export const settledTtl = (settledAt: number, retentionDays: number): number =>
  Math.ceil(settledAt / 1_000) + retentionDays * day;

/** DynamoDB deletes expired items up to days late; until then they are there but no longer count. */
export const isExpired = (ttl: number | undefined, now: number): boolean =>
  ttl !== undefined && ttl * 1_000 <= now;
