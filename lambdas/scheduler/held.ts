import { circuitStateOf } from '#core/circuit/circuit.ts';
import { longestHold } from '#core/delivery/decision.ts';
import { type Delivery, type DeliveryKey, isHeldByCause } from '#core/delivery/delivery.ts';
import { newestOf, oldestOf } from '#core/delivery/drain.ts';
import { inProbeOrder } from '#core/delivery/probe.ts';
import { endExpiredHold, release } from '#core/delivery/release.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import type { Page } from '#core/page/page.ts';
import { type PagePorts, throughPages } from './pages.ts';
import { eachShard, shards } from './shards.ts';

/** What the deliveries that an endpoint holds touch outside this process. Times are epoch milliseconds. */
export interface HeldPorts extends PagePorts {
  /** Held deliveries, oldest first. @param page.until only those that were created by then */
  held(
    endpointId: string,
    shard: number,
    page: { readonly after?: string; readonly limit?: number; readonly until?: number },
  ): Promise<Page<DeliveryKey>>;
  /** The held deliveries of the newest events, at most `limit`. */
  newestHeld(endpointId: string, shard: number, limit: number): Promise<readonly DeliveryKey[]>;
  /** Announces a delivery that is about to be cancelled because its hold expired. */
  expired(delivery: Delivery): Promise<void>;
}

/**
 * While an endpoint is paused or its circuit is open: cancels what has been held for too long, and releases one delivery
 * as the probe when the circuit allows it.
 *
 * @returns how many deliveries it released
 */
export async function attendHeld(record: OutlineRecord, ports: HeldPorts): Promise<number> {
  const { endpoint, state, circuit } = record;
  const now = ports.now();
  const since = state.status === 'paused' ? state.since : (circuit?.since ?? now);
  if (now - since >= longestHold) await endExpiredHolds(endpoint.id, ports);
  const isHalfOpen = state.status === 'active' && circuitStateOf(record, now) === 'probe';
  return isHalfOpen ? releaseProbe(record, ports) : 0;
}

function endExpiredHolds(endpointId: string, ports: HeldPorts): Promise<number> {
  const until = ports.now() - longestHold;
  const end = async (key: DeliveryKey): Promise<boolean> =>
    (await endExpiredHold(ports, key, ports.expired, ports.now())) !== undefined;
  return eachShard(
    (shard) => throughPages((after) => ports.held(endpointId, shard, { after, until }), end, ports.hasTime),
    ports.hasTime,
  );
}

// The oldest and so many of the newest. Those that failed before the circuit opened are old, those that were never tried are
// new, and some that the index lists may have been released meanwhile or be unreadable.
const candidates = 10;

async function releaseProbe({ endpoint, circuit }: OutlineRecord, ports: HeldPorts): Promise<number> {
  const failures: unknown[] = [];
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  };
  const keys = await probeCandidates(endpoint.id, ports);
  const found = await Promise.all(
    keys.map(({ endpointId, eventId }) => attempt(() => ports.deliveries.get(endpointId, eventId))),
  );
  const held = found.filter((delivery) => delivery !== undefined).filter(isHeldByCause);
  for (const key of inProbeOrder(held, circuit?.failingSince)) {
    const options = { isProbe: true };
    if (await attempt(() => release(ports, key, isHeldByCause, ports.now(), options))) return 1;
  }
  if (failures.length > 0) throw failures[0];
  return 0;
}

async function probeCandidates(endpointId: string, ports: HeldPorts): Promise<readonly DeliveryKey[]> {
  const [oldest, newest] = await Promise.all([
    Promise.all(shards.map((shard) => ports.held(endpointId, shard, { limit: candidates }))),
    Promise.all(shards.map((shard) => ports.newestHeld(endpointId, shard, candidates))),
  ]);
  const all = [...oldestOf(oldest, candidates), ...newestOf(newest, candidates)];
  return [...new Map(all.map((key) => [key.eventId, key])).values()];
}
