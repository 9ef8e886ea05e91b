import { longestHold } from '#core/delivery/decision.ts';
import { type Delivery, type DeliveryKey, isHeldByCause } from '#core/delivery/delivery.ts';
import { mayProbe, oldestOf } from '#core/delivery/drain.ts';
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
  return mayProbe(record, now) ? releaseProbe(endpoint.id, ports) : 0;
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

// The index may be stale and still list a delivery that was released, and a delivery may be unreadable.
const candidates = 5;

async function releaseProbe(endpointId: string, ports: HeldPorts): Promise<number> {
  const pages = await Promise.all(
    shards.map((shard) => ports.held(endpointId, shard, { limit: candidates })),
  );
  const failures: unknown[] = [];
  for (const key of oldestOf(pages, candidates)) {
    try {
      if (await release(ports, key, isHeldByCause, ports.now())) return 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return 0;
}
