import { inParts } from '#core/concurrency/concurrency.ts';
import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { type ReleasePorts, release } from '#core/delivery/release.ts';
import type { Page } from '#core/page/page.ts';

export interface PagePorts extends ReleasePorts {
  now(): number;
  /** Whether there is time for more in this invocation. */
  hasTime(): boolean;
}

// Side by side, and then a look at the clock.
const atATime = 100;

/**
 * Works through pages while there is time, those of each page in turns. What fails is left for the next tick and keeps
 * nothing behind it from its turn, unless all that were handled side by side fail: then it is no matter of single items.
 *
 * @returns how many items `handle` answered true for
 * @throws what the first failure was, in the end
 */
export async function throughPages(
  page: (after?: string) => Promise<Page<DeliveryKey>>,
  handle: (item: DeliveryKey) => Promise<boolean>,
  hasTime: () => boolean,
): Promise<number> {
  let count = 0;
  let after: string | undefined;
  const failures: unknown[] = [];
  do {
    const { items, next } = await page(after);
    const ordered = inFairOrder(items);
    const handled = await inParts(ordered, atATime, handle, hasTime);
    failures.push(...handled.failures);
    if (handled.isHopeless) throw failures[0];
    count += handled.results.filter(Boolean).length;
    after = next;
  } while (after !== undefined && hasTime());
  if (failures.length > 0) throw failures[0];
  return count;
}

/**
 * First one of each endpoint and event, then a second one, and so on, else as they come: neither an endpoint with
 * thousands of deliveries nor an event with thousands of endpoints keeps the deliveries of others waiting.
 */
function inFairOrder(items: readonly DeliveryKey[]): DeliveryKey[] {
  const seen = new Map<string, number>();
  const turnOf = (id: string): number => {
    const turn = seen.get(id) ?? 0;
    seen.set(id, turn + 1);
    return turn;
  };
  return items
    .map((item) => ({ item, turn: Math.max(turnOf(item.endpointId), turnOf(item.eventId)) }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ item }) => item);
}

/** Releases what pages name and `wanted` wants. @returns how many */
export const releasePages = (
  page: (after?: string) => Promise<Page<DeliveryKey>>,
  wanted: Parameters<typeof release>[2],
  ports: PagePorts,
): Promise<number> => throughPages(page, (item) => release(ports, item, wanted, ports.now()), ports.hasTime);
