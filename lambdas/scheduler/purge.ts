import type { createPurgeStore } from '#adapters/dynamodb/purge/purge-store.ts';
import { inTurns } from '#core/concurrency/concurrency.ts';
import { transition } from '#core/concurrency/transition.ts';
import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { purged } from '#core/delivery/purge.ts';
import type { Deliveries } from '#core/delivery/transition.ts';
import type { Page, ShardPosition } from '#core/page/page.ts';
import { shards } from './shards.ts';

/** What the purge of a removed application touches outside this process. */
export interface PurgePorts {
  /** Epoch milliseconds. */
  now(): number;
  /** Whether this invocation has time for more. */
  hasTime(): boolean;
  readonly deliveries: Deliveries;
  /** An endpoint's deliveries that are unsettled or dead, page by page. */
  openDeliveries(
    endpointId: string,
    from: ShardPosition | undefined,
  ): Promise<{ readonly items: readonly DeliveryKey[]; readonly next?: ShardPosition }>;
  /** An application's dead deliveries, also those of endpoints that were deleted before it. */
  dead(applicationId: string, shard: number, after?: string): Promise<Page<DeliveryKey>>;
  readonly removal: ReturnType<typeof createPurgeStore>;
}

type RemovedEndpoint = Awaited<ReturnType<PurgePorts['removal']['endpoints']>>[number];

// Few, so that most of the table's capacity is left to deliveries. A tick still purges some thousand endpoints.
const endpointsAtOnce = 10;
const deliveriesAtOnce = 20;

/**
 * Deletes what is left of a removed application, as far as time allows; the next tick continues. Each step may be repeated
 * after a crash.
 *
 * @returns whether nothing is left
 */
export async function purgeApplication(applicationId: string, ports: PurgePorts): Promise<boolean> {
  const { removal } = ports;
  if (!(await removal.isBeingRemoved(applicationId))) return true;
  for (;;) {
    const endpoints = await removal.endpoints(applicationId, endpointsAtOnce);
    if (endpoints.length === 0) break;
    const done = await Promise.all(
      endpoints.map((endpoint) => purgeEndpoint(applicationId, endpoint, ports)),
    );
    if (done.includes(false) || !ports.hasTime()) return false;
  }
  if (!(await purgeDead(applicationId, ports))) return false;
  await removal.deleteRest(applicationId);
  return true;
}

/**
 * Deletes the configuration first, so that nothing new is sent or held. The item that lists the endpoint goes last, because
 * the next tick finds the endpoint by it.
 */
async function purgeEndpoint(
  applicationId: string,
  { endpointId, position: start }: RemovedEndpoint,
  ports: PurgePorts,
): Promise<boolean> {
  if (start === undefined) await ports.removal.takeDown(applicationId, endpointId);
  let position = start;
  do {
    const { items, next } = await ports.openDeliveries(endpointId, position);
    await cancelAll(applicationId, items, ports);
    position = next;
    if (position !== undefined && !ports.hasTime()) {
      await ports.removal.note(applicationId, endpointId, position);
      return false;
    }
  } while (position !== undefined);
  await ports.removal.forget(applicationId, endpointId);
  return true;
}

async function purgeDead(applicationId: string, ports: PurgePorts): Promise<boolean> {
  for (const shard of shards) {
    let after: string | undefined;
    do {
      const { items, next } = await ports.dead(applicationId, shard, after);
      await cancelAll(applicationId, items, ports);
      after = next;
      if (after !== undefined && !ports.hasTime()) return false;
    } while (after !== undefined);
  }
  return true;
}

async function cancelAll(
  applicationId: string,
  keys: readonly DeliveryKey[],
  ports: PurgePorts,
): Promise<void> {
  await inTurns(keys, deliveriesAtOnce, (key) => cancel(applicationId, key, ports));
}

async function cancel(
  applicationId: string,
  { endpointId, eventId }: DeliveryKey,
  { deliveries, now }: PurgePorts,
): Promise<void> {
  await transition(
    `the delivery of ${eventId} to ${endpointId}`,
    await deliveries.get(endpointId, eventId),
    (delivery) => ({
      store: delivery?.applicationId === applicationId ? purged(delivery, now()) : undefined,
    }),
    deliveries.store,
  );
}
