import type { Table } from './table.ts';

/** What every store of the event table is made with. */
export interface EventTable extends Table {
  /** How long settled deliveries are kept. */
  readonly retentionDays: number;
}

const day = 24 * 60 * 60;
// The longest hold (14 days) and the longest retry horizon (7 days), so that an event outlives its last delivery.
const longestLife = 21 * day;

/** When an event or a segment of it expires, in epoch seconds. */
export const eventTtl = (deliverAt: number, retentionDays: number): number =>
  Math.ceil(deliverAt / 1_000) + longestLife + retentionDays * day;

/** When a settled delivery expires, in epoch seconds. */
export const settledTtl = (settledAt: number, retentionDays: number): number =>
  Math.ceil(settledAt / 1_000) + retentionDays * day;
