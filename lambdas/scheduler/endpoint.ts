import { isHeldByCause } from '#core/delivery/delivery.ts';
import { type HeldPlan, planHeld, type WatchedEndpoint } from '#core/delivery/drain.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import { type LifecycleEvent, unannounced } from '#core/lifecycle/lifecycle-event.ts';
import { attendHeld, type HeldPorts } from './held.ts';
import { releasePages } from './pages.ts';
import { eachShard, shards } from './shards.ts';

/** What the scheduler's work for an endpoint touches outside this process. Times are epoch milliseconds. */
export interface EndpointPorts extends HeldPorts {
  /** Consistent. */
  endpoint(endpointId: string): Promise<OutlineRecord | undefined>;
  /** Deletes the route of an endpoint that deliver disabled, because deliver's policy does not allow it. */
  unroute(record: OutlineRecord): Promise<void>;
  /** Queues the step of a drain that follows this one; 0 starts the drain. */
  drain(endpoint: WatchedEndpoint, step: number): Promise<void>;
  /** Publishes a lifecycle event of an endpoint and notes that it was published. */
  announce(event: LifecycleEvent): Promise<void>;
}

export interface Attended {
  readonly released: number;
  /** Nothing is left to do for the endpoint. */
  readonly done: boolean;
}

// Reads of the index may be stale, and a hold may be stored just after its cause ended. So an empty scan proves that
// nothing is held only when it comes so long after.
const grace = 5 * 60_000;

/**
 * Does with the deliveries that are held for an endpoint what its state requires, and announces what happened to it if a
 * crash prevented that.
 */
export async function attendEndpoint(entry: WatchedEndpoint, ports: EndpointPorts): Promise<Attended> {
  const record = await ports.endpoint(entry.endpointId);
  const attended = await attendDeliveries(entry, record, ports);
  const event = record && unannounced(record, entry.announced, ports.now());
  if (event) await ports.announce(event);
  return attended;
}

async function attendDeliveries(
  entry: WatchedEndpoint,
  record: OutlineRecord | undefined,
  ports: EndpointPorts,
): Promise<Attended> {
  const plan = planHeld(record);
  switch (plan.kind) {
    case 'stay':
      return { released: record ? await attendHeld(record, ports) : 0, done: false };
    case 'cancel':
      return releaseAll(entry, record, plan, ports);
    case 'drain':
      return keepDraining(entry, plan, ports);
  }
}

/** Releases everything that is held for a disabled or deleted endpoint; deliver cancels it. */
async function releaseAll(
  entry: WatchedEndpoint,
  record: OutlineRecord | undefined,
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
  // Each step of a drain queues the next. This message starts a drain that did not start or that a crash stopped. A
  // drain that goes on ignores it.
  await ports.drain(entry, entry.drain?.cause === cause ? entry.drain.step : 0);
  return { released: 0, done: false };
}

const isOver = (entry: WatchedEndpoint, since: number, ports: EndpointPorts): boolean =>
  ports.now() - Math.max(entry.since, since) > grace;
