import { beforeEach } from 'vitest';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import type { Page } from '#core/page/page.ts';
import { useDatabase } from './dynamodb.ts';

/** The table of the running test. */
export let table: ConfigTable;
/** Milliseconds by which the clock of the table is ahead. */
export const clock = { later: 0 };

/** To be called at the top of a test file: each test gets an empty table. */
export function useConfigTable(): void {
  const database = useDatabase();
  beforeEach(async () => {
    clock.later = 0;
    table = {
      client: database.client,
      tableName: await database.configTable(),
      now: () => Date.now() + clock.later,
      random: Math.random,
    };
  });
}

export async function everyPage<T>(read: (after: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await read(after);
    all.push(...items);
    after = next;
  } while (after !== undefined);
  return all;
}
