import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { dueBy } from '#core/delivery/release.ts';
import { dueKey } from '#core/delivery/watchdog.ts';
import type { Page } from '#core/page/page.ts';
import { type AttendPorts, attendAll, reportingErrors } from './attend.ts';
import { releasePages } from './pages.ts';
import { shards } from './shards.ts';

export interface TickPorts extends AttendPorts {
  /** The deliveries of a shard that are due by `until` (epoch milliseconds), longest due first. */
  due(shard: number, until: number, after?: string): Promise<Page<DeliveryKey>>;
}

// The next tick comes in a minute and may be late. What is due until then is queued now, with a delay.
const lookAhead = 90_000;

/** One run of the scheduler. Runs may overlap, because each release is a conditional write. */
export async function tick(ports: TickPorts): Promise<{ readonly released: number }> {
  const counts = await Promise.all([
    ...shards.map((shard) => reportingErrors(dueKey(shard), () => releaseDue(shard, ports), ports)),
    reportingErrors('attention', () => attendAll(ports), ports),
  ]);
  return { released: counts.reduce((sum, count) => sum + count, 0) };
}

function releaseDue(shard: number, ports: TickPorts): Promise<number> {
  const until = ports.now() + lookAhead;
  return releasePages((after) => ports.due(shard, until, after), dueBy(until), ports);
}
