import { attentionShards } from '../core/delivery/attention.ts';
import { heldByPause, type ReleasePorts, release } from '../core/delivery/release.ts';
import type { Page, PageRequest } from '../runtime/http/page.ts';

export interface ReleaseHeldPorts extends ReleasePorts {
  now(): number;
  held(
    endpointId: string,
    shard: number,
    page: PageRequest,
  ): Promise<Page<{ readonly endpointId: string; readonly eventId: string }>>;
}

// Enough that a resume is felt at once, few enough that its answer does not wait; the scheduler takes the rest.
const firstOfShard = 10;

/** Releases the oldest deliveries that an endpoint's pause held. @returns how many */
export async function releaseFirstHeld(endpointId: string, ports: ReleaseHeldPorts): Promise<number> {
  const shards = Array.from({ length: attentionShards }, async (_, shard) => {
    const { items } = await ports.held(endpointId, shard, { limit: firstOfShard });
    return Promise.all(items.map((item) => release(ports, item, heldByPause, ports.now())));
  });
  return (await Promise.all(shards)).flat().filter(Boolean).length;
}
