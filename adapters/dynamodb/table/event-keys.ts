import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import { shardOf } from '#core/delivery/watchdog.ts';
import type { IdempotencyKey } from '#core/idempotency/stored-answer.ts';
import type { RollupKey, Subject } from '#core/statistics/contribution.ts';
import type { Key } from './table.ts';

// A partition takes 1,000 writes a second. No application reaches that with sixteen shards.
export const eventShards = 16;

export const eventPartition = (applicationId: string, shard: number): string =>
  `APP#${applicationId}#${shard}`;
export const deliveryPartition = (endpointId: string, shard: number): string =>
  `ENDPOINT#${endpointId}#${shard}`;

export const eventKey = (applicationId: string, eventId: string): Key => ({
  pk: eventPartition(applicationId, shardOf(eventId, eventShards)),
  sk: eventId,
});

export const deliveryKey = ({ endpointId, eventId }: DeliveryKey): Key => ({
  pk: deliveryPartition(endpointId, shardOf(eventId, deliveryShards)),
  sk: eventId,
});

// Ten thousand ids of 31 characters are 310 KB, of the 400 that an item may have. Each item is in its own partition,
// because ten of them, stored at once, are more than one partition takes in a second.
export const segmentsPerItem = 10;

const segmentPartition = (eventId: string, segment: number): string =>
  `EVENT#${eventId}#${Math.floor(segment / segmentsPerItem)}`;

/** The item that holds a segment, and its neighbours. */
export const segmentKey = (eventId: string, segment: number): Key => ({
  pk: segmentPartition(eventId, segment),
  sk: 'SEGMENTS',
});

/** How far the fan-out of a segment has come. */
export const progressKey = (eventId: string, segment: number): Key => ({
  pk: segmentPartition(eventId, segment),
  sk: `PROGRESS#${segment}`,
});

export const idempotencyKey = ({ applicationId, keyHash }: IdempotencyKey): Key => ({
  pk: `IDEMPOTENCY#${applicationId}#${keyHash}`,
  sk: 'KEY',
});

/** An application's tasks in the index. */
export const tasksKey = (applicationId: string): string => `TASKS#${applicationId}`;
/** Which of an application's tasks may be unfinished. */
export const openTasksKey = (applicationId: string): Key => ({ pk: tasksKey(applicationId), sk: 'OPEN' });
export const taskKey = (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'TASK' });

/** A budget that functions share; see `core/rate-limit/caps.ts` for the keys. */
export const budgetKey = (key: string): Key => ({ pk: `RATE#${key}`, sk: 'RATE' });

/** How far the reconcile function has come: one item for the whole deployment. */
export const reconcileKey: Key = { pk: 'RECONCILE', sk: 'PASS' };

/**
 * Roll-ups of statistics. Their partitions have another prefix than those of events and deliveries, whose stream the
 * rollup function reads, so that its own writes do not invoke it.
 */
const statsPartitionPrefix = 'STATS#';

export const statsPartition = (subject: Subject): string =>
  subject.kind === 'endpoint'
    ? `${statsPartitionPrefix}ENDPOINT#${subject.endpointId}`
    : `${statsPartitionPrefix}APP#${subject.applicationId}`;

/** @param hour when it begins, epoch milliseconds; the order of the texts is the order of the hours */
export const statsHour = (hour: number): string => `HOUR#${new Date(hour).toISOString().slice(0, 13)}`;

export const statsKey = ({ subject, span }: RollupKey): Key => ({
  pk: statsPartition(subject),
  sk: span === 'total' ? 'TOTAL' : statsHour(span),
});

const deliveryPartitionPattern = /^ENDPOINT#(.+)#\d+$/;

/**
 * The delivery that a key belongs to.
 *
 * @throws Error when it is not a delivery's key
 */
export function parseDeliveryKey({ pk, sk }: Key): DeliveryKey {
  const endpointId = deliveryPartitionPattern.exec(pk)?.[1];
  if (endpointId === undefined) throw new Error(`expected the key of a delivery, ENDPOINT#…, got ${pk}`);
  return { endpointId, eventId: sk };
}
