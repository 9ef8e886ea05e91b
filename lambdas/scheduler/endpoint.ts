import { attentionShards } from '#core/delivery/attention.ts';
import { longestHold } from '#core/delivery/decision.ts';
import { type Delivery, type DeliveryKey, isHeldByCause } from '#core/delivery/delivery.ts';
import { type HeldPlan, mayProbe, oldestOf, planHeld, type WatchedEndpoint } from '#core/delivery/drain.ts';
import { endExpiredHold, release } from '#core/delivery/release.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { type LifecycleEvent, unannounced } from '#core/lifecycle/lifecycle-event.ts';
import type { Page } from '#core/page/page.ts';
import { type PagePorts, releasePages, throughPages } from './pages.ts';

/** What looking after an endpoint needs of the outside. Times are epoch milliseconds. */
export interface EndpointPorts extends PagePorts {
  /** Consistent. */
  endpoint(endpointId: string): Promise<EndpointRecord | undefined>;
  held(
    endpointId: string,
    shard: number,
    page?: { readonly after?: string | undefined; readonly limit?: number; readonly until?: number },
  ): Promise<Page<DeliveryKey>>;
  /** Takes away the route of an endpoint that deliver disabled, which has no right to do it. */
  unroute(record: EndpointRecord): Promise<void>;
  /** Queues the step of a drain that follows this one; 0 begins. */
  drain(endpoint: WatchedEndpoint, step: number): Promise<void>;
  /** Told of each delivery that is about to end because it was held for too long. */
  expired(delivery: Delivery): Promise<void>;
  /** Publishes what happened to an endpoint and notes that it was. */
  announce(event: LifecycleEvent): Promise<void>;
}

export interface Attended {
  readonly released: number;
  /** Nothing is left to look after. */
  readonly done: boolean;
}

// An index is not read-your-writes, and a hold may be stored just after its cause ended: only an empty pass this
// long after that is the last one.
const grace = 5 * 60_000;
const shards = Array.from({ length: attentionShards }, (_, shard) => shard);

/**
 * Does what an endpoint's state asks for with the deliveries that are held for it, and announces what happened to it
 * if that was cut off.
 */
export async function attendEndpoint(entry: WatchedEndpoint, ports: EndpointPorts): Promise<Attended> {
  const record = await ports.endpoint(entry.endpointId);
  const attended = await attendHeld(entry, record, ports);
  const event = record && unannounced(record, entry.announced, ports.now());
  if (event) await ports.announce(event);
  return attended;
}

async function attendHeld(
  entry: WatchedEndpoint,
  record: EndpointRecord | undefined,
  ports: EndpointPorts,
): Promise<Attended> {
  const plan = planHeld(record);
  switch (plan.kind) {
    case 'stay':
      return { released: record ? await lookAfter(record, ports) : 0, done: false };
    case 'cancel':
      return cancelAll(entry, record, plan, ports);
    case 'drain':
      return keepDraining(entry, plan, ports);
  }
}

async function lookAfter(record: EndpointRecord, ports: EndpointPorts): Promise<number> {
  const { endpoint, state, circuit } = record;
  const now = ports.now();
  const since = state.status === 'paused' ? state.since : (circuit?.since ?? now);
  if (now - since >= longestHold) await endExpiredHolds(endpoint.id, ports);
  return mayProbe(record, now) ? nudge(endpoint.id, ports) : 0;
}

// The index may be stale, so the very oldest may be gone already; or it cannot be read.
const candidates = 5;

/** Lets the oldest delivery go, to be the probe of a circuit whose time has come. */
async function nudge(endpointId: string, ports: EndpointPorts): Promise<number> {
  const pages = await Promise.all(
    shards.map((shard) => ports.held(endpointId, shard, { limit: candidates })),
  );
  const failures: unknown[] = [];
  for (const reference of oldestOf(pages, candidates)) {
    try {
      if (await release(ports, reference, isHeldByCause, ports.now())) return 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return 0;
}

async function endExpiredHolds(endpointId: string, ports: EndpointPorts): Promise<void> {
  const until = ports.now() - longestHold;
  const end = async (reference: DeliveryKey): Promise<boolean> => {
    const ended = await endExpiredHold(ports, reference, ports.expired, ports.now());
    return ended !== undefined;
  };
  await eachShard(
    (shard) => throughPages((after) => ports.held(endpointId, shard, { after, until }), end, ports.hasTime),
    ports.hasTime,
  );
}

/** One after the other, while there is time. What fails in one is told when the others have had their turn. */
async function eachShard(work: (shard: number) => Promise<number>, hasTime: () => boolean): Promise<number> {
  let count = 0;
  const failures: unknown[] = [];
  for (const shard of shards) {
    if (!hasTime()) break;
    try {
      count += await work(shard);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return count;
}

async function cancelAll(
  entry: WatchedEndpoint,
  record: EndpointRecord | undefined,
  { since }: Extract<HeldPlan, { kind: 'cancel' }>,
  ports: EndpointPorts,
): Promise<Attended> {
  if (record) await ports.unroute(record);
  const released = await eachShard((shard) => {
    const page = (after?: string) => ports.held(entry.endpointId, shard, { after });
    return releasePages(page, isHeldByCause, ports);
  }, ports.hasTime);
  return { released, done: released === 0 && ports.hasTime() && isOver(entry, since, ports) };
}

async function keepDraining(
  entry: WatchedEndpoint,
  { cause }: Extract<HeldPlan, { kind: 'drain' }>,
  ports: EndpointPorts,
): Promise<Attended> {
  const pages = await Promise.all(shards.map((shard) => ports.held(entry.endpointId, shard, { limit: 1 })));
  if (pages.every(({ items }) => items.length === 0)) {
    return { released: 0, done: isOver(entry, cause, ports) };
  }
  // A drain goes on by itself. This starts one that never began or was cut off by a crash, and is ignored otherwise.
  await ports.drain(entry, entry.drain?.cause === cause ? entry.drain.step : 0);
  return { released: 0, done: false };
}

const isOver = (entry: WatchedEndpoint, since: number, ports: EndpointPorts): boolean =>
  ports.now() - Math.max(entry.since, since) > grace;
