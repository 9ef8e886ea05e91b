import { type ReleasePorts, release } from '../core/delivery/release.ts';

export interface Reference {
  readonly endpointId: string;
  readonly eventId: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

export interface PagePorts extends ReleasePorts {
  now(): number;
  /** Whether there is time for more in this invocation. */
  hasTime(): boolean;
}

/**
 * Works through pages while there is time. What fails is left for the next tick and keeps nothing behind it from its
 * turn, unless all of a page fails: then it is no matter of single items.
 *
 * @returns how many items `handle` answered true for
 * @throws what the first failure was, in the end
 */
export async function throughPages(
  page: (after?: string) => Promise<Page<Reference>>,
  handle: (item: Reference) => Promise<boolean>,
  hasTime: () => boolean,
): Promise<number> {
  let count = 0;
  let after: string | undefined;
  const failures: unknown[] = [];
  do {
    const { items, next } = await page(after);
    const outcomes = await Promise.allSettled(items.map(handle));
    const failed = outcomes.filter((one) => one.status === 'rejected');
    failures.push(...failed.map(({ reason }) => reason));
    if (failed.length > 0 && failed.length === items.length) break;
    count += outcomes.filter((one) => one.status === 'fulfilled' && one.value).length;
    after = next;
  } while (after !== undefined && hasTime());
  if (failures.length > 0) throw failures[0];
  return count;
}

/** Releases what pages name and `wanted` wants. @returns how many */
export const releasePages = (
  page: (after?: string) => Promise<Page<Reference>>,
  wanted: Parameters<typeof release>[2],
  ports: PagePorts,
): Promise<number> => throughPages(page, (item) => release(ports, item, wanted, ports.now()), ports.hasTime);
