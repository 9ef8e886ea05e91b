import { type Delivery, isHeldByCause, isSettled } from './delivery.ts';

/** An entry of the watchdog index, which has none for deliveries that succeeded or were cancelled. */
export interface WatchdogEntry {
  readonly key: string;
  /** Epoch milliseconds: when the scheduler must check it or, if it is held or dead, since when it waits. */
  readonly at: number;
}

export const watchdogShards = 16;

// Longer than any delay or visibility timeout of a healthy message. A message that takes longer is lost or stuck.
export const watchMargin = 15 * 60_000;

// A restart sends its message at once. If that was never sent, the scheduler, which looks 90 s ahead, sends it in a minute.
const restartMargin = 150_000;

// A first attempt may wait in a busy queue, and has no item. So its message counts as lost only after much more time.
export const lostAfter = 60 * 60_000;

/** A stable shard for an id. The last characters of ids are random, so ids spread evenly. */
export function shardOf(id: string, shards: number): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) >>> 0;
  return hash % shards;
}

/** By both ids, so that the deliveries of one event for ten thousand endpoints do not share a key. */
export const watchdogShard = ({ endpointId, eventId }: Pick<Delivery, 'endpointId' | 'eventId'>): number =>
  shardOf(endpointId + eventId, watchdogShards);

export const dueKey = (shard: number): string => `DUE#${shard}`;
export const heldPrefix = 'HELD#';
export const heldKey = (endpointId: string, shard: number): string => `${heldPrefix}${endpointId}#${shard}`;
export const deadKey = (applicationId: string, shard: number): string => `DEAD#${applicationId}#${shard}`;

/** Every unsettled state is watched, so that the scheduler finds what a crash left behind. */
export function watchdogEntryOf(delivery: Delivery): WatchdogEntry | undefined {
  const { state, endpointId, applicationId } = delivery;
  const shard = watchdogShard(delivery);
  if (state.status === 'dead') return { key: deadKey(applicationId, shard), at: state.settledAt };
  if (isSettled(state)) return undefined;
  switch (state.status) {
    case 'queued':
      return { key: dueKey(shard), at: state.dueAt + (state.restarted ? restartMargin : watchMargin) };
    case 'attempting':
      return { key: dueKey(shard), at: state.until + watchMargin };
    case 'held':
      // A backoff or a delay ends at a time, a pause or an open circuit by a change of its endpoint.
      return isHeldByCause(delivery)
        ? { key: heldKey(endpointId, shard), at: delivery.createdAt }
        : { key: dueKey(shard), at: state.dueAt ?? state.since };
  }
}
