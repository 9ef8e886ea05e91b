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

/** Works through pages while there is time. @returns how many items `handle` answered true for */
export async function throughPages(
  page: (after?: string) => Promise<Page<Reference>>,
  handle: (item: Reference) => Promise<boolean>,
  hasTime: () => boolean,
): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const { items, next } = await page(after);
    const outcomes = await Promise.all(items.map(handle));
    count += outcomes.filter(Boolean).length;
    after = next;
  } while (after !== undefined && hasTime());
  return count;
}

/** Releases what pages name and `wanted` wants. @returns how many */
export const releasePages = (
  page: (after?: string) => Promise<Page<Reference>>,
  wanted: Parameters<typeof release>[2],
  ports: PagePorts,
): Promise<number> => throughPages(page, (item) => release(ports, item, wanted, ports.now()), ports.hasTime);
