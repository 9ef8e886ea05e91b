import { type Delivery, isHeldByCause, isSettled } from './delivery.ts';

/** Where an item stands in the sparse attention index; settled-and-fine items are not in it. */
export interface Attention {
  readonly key: string;
  /** Epoch milliseconds by which somebody must look, or (held, dead) since when it waits. */
  readonly at: number;
}

export const attentionShards = 16;

// A message that should have been handled by now was lost or is stuck: fifteen minutes are longer than
// any delay or visibility timeout that a healthy message can be under.
export const watchMargin = 15 * 60_000;

// A first attempt that waits in a busy queue has no item: only much later than it was due, its message is taken for lost.
export const lostAfter = 60 * 60_000;

/** A stable shard for an id: its last characters are random, so ids spread evenly. */
export function shardOf(id: string, shards: number): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) >>> 0;
  return hash % shards;
}

/** By both ids: an event for ten thousand endpoints, all of them due or dead at once, must not meet a single key. */
export const attentionShard = ({ endpointId, eventId }: Pick<Delivery, 'endpointId' | 'eventId'>): number =>
  shardOf(endpointId + eventId, attentionShards);

export const dueKey = (shard: number): string => `DUE#${shard}`;
export const heldKey = (endpointId: string, shard: number): string => `HELD#${endpointId}#${shard}`;
export const deadKey = (applicationId: string, shard: number): string => `DEAD#${applicationId}#${shard}`;

/**
 * Every unsettled state is watched, so that a crash anywhere leaves something that somebody finds again.
 */
export function attentionOf(delivery: Delivery): Attention | undefined {
  const { state, endpointId, applicationId } = delivery;
  const shard = attentionShard(delivery);
  if (state.status === 'dead') return { key: deadKey(applicationId, shard), at: state.settledAt };
  if (isSettled(state)) return undefined;
  switch (state.status) {
    case 'queued':
      return { key: dueKey(shard), at: state.dueAt + watchMargin };
    case 'attempting':
      return { key: dueKey(shard), at: state.until + watchMargin };
    case 'held':
      // A time ends a backoff or a delay; a pause or an open circuit ends with its endpoint's state.
      return isHeldByCause(delivery)
        ? { key: heldKey(endpointId, shard), at: delivery.createdAt }
        : { key: dueKey(shard), at: state.dueAt ?? state.since };
  }
}
