import { inParts } from '#core/concurrency/concurrency.ts';
import type { Delivery, DeliveryKey } from '#core/delivery/delivery.ts';
import { type ReleasePorts, release } from '#core/delivery/release.ts';
import type { Page } from '#core/page/page.ts';

export interface PagePorts extends ReleasePorts {
  now(): number;
  /** Whether this invocation has time for more. */
  hasTime(): boolean;
}

export type ReadPage = (after?: string) => Promise<Page<DeliveryKey>>;

// So many are handled at the same time, then the function looks at its time.
const atATime = 100;

/**
 * Works through pages while there is time. An item that fails is left for the next tick and does not stop the others,
 * unless all that were handled at the same time fail: then single items are not the cause.
 *
 * @returns how many items `handle` returned true for
 * @throws the first failure, in the end
 */
export async function throughPages(
  page: ReadPage,
  handle: (item: DeliveryKey) => Promise<boolean>,
  hasTime: () => boolean,
): Promise<number> {
  let count = 0;
  let after: string | undefined;
  const failures: unknown[] = [];
  do {
    const { items, next } = await page(after);
    const handled = await inParts(inFairOrder(items), atATime, handle, hasTime);
    failures.push(...handled.failures);
    if (handled.isHopeless) throw failures[0];
    count += handled.results.filter(Boolean).length;
    after = next;
  } while (after !== undefined && hasTime());
  if (failures.length > 0) throw failures[0];
  return count;
}

/**
 * First one of each endpoint and event, then a second one, and so on. So neither an endpoint with thousands of deliveries
 * nor an event with thousands of endpoints delays the deliveries of others.
 */
function inFairOrder(items: readonly DeliveryKey[]): DeliveryKey[] {
  const counts = new Map<string, number>();
  const countBefore = (id: string): number => {
    const count = counts.get(id) ?? 0;
    counts.set(id, count + 1);
    return count;
  };
  return items
    .map((item) => ({ item, round: Math.max(countBefore(item.endpointId), countBefore(item.eventId)) }))
    .toSorted((a, b) => a.round - b.round)
    .map(({ item }) => item);
}

/** Releases the deliveries of pages that `wanted` accepts. @returns how many */
export const releasePages = (
  page: ReadPage,
  wanted: (delivery: Delivery) => boolean,
  ports: PagePorts,
): Promise<number> => throughPages(page, (item) => release(ports, item, wanted, ports.now()), ports.hasTime);
