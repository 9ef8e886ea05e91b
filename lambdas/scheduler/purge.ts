import { inTurns } from '#core/concurrency/concurrency.ts';
import { attentionShards } from '#core/delivery/attention.ts';
import type { Delivery, DeliveryKey } from '#core/delivery/delivery.ts';
import { purged } from '#core/delivery/purge.ts';
import type { Page, ShardPosition } from '#core/page/page.ts';

/** What the removal of an application's rest needs of the outside. */
export interface PurgePorts {
  /** Epoch milliseconds. */
  now(): number;
  /** Whether there is time for more in this invocation. */
  hasTime(): boolean;
  readonly deliveries: {
    get(endpointId: string, eventId: string): Promise<Delivery | undefined>;
    store(next: Delivery): Promise<'stored' | { readonly standing: Delivery | undefined }>;
  };
  /** An endpoint's deliveries that are not settled or dead, page by page from a position. */
  openDeliveries(
    endpointId: string,
    from: ShardPosition | undefined,
  ): Promise<{ readonly items: readonly DeliveryKey[]; readonly next?: ShardPosition }>;
  /** An application's dead deliveries, those of endpoints that were deleted before it included. */
  dead(applicationId: string, shard: number, after?: string): Promise<Page<DeliveryKey>>;
  /** See `PurgeStore`. */
  readonly doomed: {
    isBeingRemoved(applicationId: string): Promise<boolean>;
    endpoints(
      applicationId: string,
      limit: number,
    ): Promise<readonly { readonly endpointId: string; readonly walked?: ShardPosition }[]>;
    takeDown(applicationId: string, endpointId: string): Promise<void>;
    note(applicationId: string, endpointId: string, walked: ShardPosition): Promise<void>;
    forget(applicationId: string, endpointId: string): Promise<void>;
    sweep(applicationId: string): Promise<void>;
  };
}

// Few enough that the table's capacity is left to deliveries; a tick does some thousand endpoints all the same.
const endpointsAtOnce = 10;
const deliveriesAtOnce = 20;

/**
 * Takes down what is left of a removed application, as far as time allows; the next tick goes on. Each step may be
 * repeated, so a crash anywhere costs no more than doing it again.
 *
 * @returns whether nothing is left
 */
export async function purgeApplication(applicationId: string, ports: PurgePorts): Promise<boolean> {
  const { doomed } = ports;
  if (!(await doomed.isBeingRemoved(applicationId))) return true;
  for (;;) {
    const endpoints = await doomed.endpoints(applicationId, endpointsAtOnce);
    if (endpoints.length === 0) break;
    const done = await Promise.all(
      endpoints.map((endpoint) => purgeEndpoint(applicationId, endpoint, ports)),
    );
    if (done.includes(false) || !ports.hasTime()) return false;
  }
  if (!(await purgeDead(applicationId, ports))) return false;
  await doomed.sweep(applicationId);
  return true;
}

/** Configuration first, so that nothing new is sent or held; the list's item last, since it leads here. */
async function purgeEndpoint(
  applicationId: string,
  { endpointId, walked }: { readonly endpointId: string; readonly walked?: ShardPosition },
  ports: PurgePorts,
): Promise<boolean> {
  if (walked === undefined) await ports.doomed.takeDown(applicationId, endpointId);
  let position = walked;
  do {
    const { items, next } = await ports.openDeliveries(endpointId, position);
    await endAll(applicationId, items, ports);
    position = next;
    if (position !== undefined && !ports.hasTime()) {
      await ports.doomed.note(applicationId, endpointId, position);
      return false;
    }
  } while (position !== undefined);
  await ports.doomed.forget(applicationId, endpointId);
  return true;
}

async function purgeDead(applicationId: string, ports: PurgePorts): Promise<boolean> {
  for (let shard = 0; shard < attentionShards; shard += 1) {
    let after: string | undefined;
    do {
      const { items, next } = await ports.dead(applicationId, shard, after);
      await endAll(applicationId, items, ports);
      after = next;
      if (after !== undefined && !ports.hasTime()) return false;
    } while (after !== undefined);
  }
  return true;
}

async function endAll(
  applicationId: string,
  references: readonly DeliveryKey[],
  ports: PurgePorts,
): Promise<void> {
  await inTurns(references, deliveriesAtOnce, (reference) => end(applicationId, reference, ports));
}

const mostRaces = 3;

/** Whoever moves it on at the same time finds its endpoint gone, and ends it too. */
async function end(
  applicationId: string,
  { endpointId, eventId }: DeliveryKey,
  ports: PurgePorts,
): Promise<void> {
  let delivery = await ports.deliveries.get(endpointId, eventId);
  for (let races = 0; races < mostRaces; races += 1) {
    if (delivery?.applicationId !== applicationId) return;
    const next = purged(delivery, ports.now());
    if (next === undefined) return;
    const outcome = await ports.deliveries.store(next);
    if (outcome === 'stored') return;
    delivery = outcome.standing;
  }
}
