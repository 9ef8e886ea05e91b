import { expect } from 'vitest';
import type { Page } from '#core/page/page.ts';

/** All items, page after page. A page may hold fewer than `most` and still have a next one. */
export async function allPages<Item>(
  page: (after: string | undefined) => Promise<Page<Item>>,
  most: number,
): Promise<Item[]> {
  const seen: Item[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await page(after);
    expect(items.length).toBeLessThanOrEqual(most);
    seen.push(...items);
    after = next;
  } while (after !== undefined);
  return seen;
}
