import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newestFirst, type ShardRead } from '#adapters/dynamodb/table/newest-first.ts';

interface Row {
  readonly position: string;
  readonly shard: number;
  readonly wanted: boolean;
}

const shards = 4;
const pad = (value: number) => String(value).padStart(6, '0');

/** Reads like the table: a bounded number of rows of one shard, of which the filter drops some. */
const reader = (rows: readonly Row[], atMost: number, reads: { count: number }) => {
  return async (shard: number, before: string | undefined): Promise<ShardRead<string>> => {
    reads.count += 1;
    const below = rows
      .filter((row) => row.shard === shard && (before === undefined || row.position < before))
      .toSorted((a, b) => (a.position < b.position ? 1 : -1));
    const seen = below.slice(0, atMost);
    const found = seen.filter(({ wanted }) => wanted).map(({ position }) => ({ position, item: position }));
    return below.length > seen.length ? { found, readTo: seen.at(-1)?.position } : { found };
  };
};

const table = fc
  .uniqueArray(fc.record({ at: fc.nat(5_000), shard: fc.nat(shards - 1), wanted: fc.boolean() }), {
    selector: ({ at }) => at,
    maxLength: 120,
    // Otherwise ten rows would be the most, which a single read of each shard finds.
    size: 'max',
  })
  .map((rows): Row[] => rows.map(({ at, shard, wanted }) => ({ position: pad(at), shard, wanted })));

const wantedOf = (rows: readonly Row[]) =>
  rows
    .filter(({ wanted }) => wanted)
    .map(({ position }) => position)
    .toSorted()
    .toReversed();

describe('newestFirst', () => {
  it('gives every wanted item once, newest first, page by page, whatever the filter drops', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, limit, atMost) => {
          const read = reader(rows, atMost, { count: 0 });
          const seen: string[] = [];
          let after: string | undefined;
          do {
            const page = await newestFirst({ shards, limit, after, read });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            seen.push(...page.items);
            if (page.next !== undefined && after !== undefined) expect(page.next < after).toBe(true);
            after = page.next;
          } while (after !== undefined);
          expect(seen).toEqual(wantedOf(rows));
        },
      ),
    );
  });

  it('neither repeats nor skips an item while newer ones are added', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 10 }), async (rows, limit) => {
        const growing = [...rows];
        const seen: string[] = [];
        let after: string | undefined;
        let added = 5_001;
        do {
          const page = await newestFirst({ shards, limit, after, read: reader(growing, 5, { count: 0 }) });
          seen.push(...page.items);
          after = page.next;
          growing.push({ position: pad(added), shard: added % shards, wanted: true });
          added += 1;
        } while (after !== undefined);
        expect(seen).toEqual(wantedOf(rows));
      }),
    );
  });

  it('reads a bounded amount for a page, even if nothing is wanted', async () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => ({
      position: pad(at),
      shard: at % shards,
      wanted: false,
    }));
    const reads = { count: 0 };
    const page = await newestFirst({ shards, limit: 10, read: reader(rows, 5, reads) });
    expect(page.items).toEqual([]);
    expect(page.next).toBeDefined();
    expect(reads.count).toBeLessThanOrEqual(4 * shards);
  });

  it('reads each shard once when the first reads were enough', async () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({
      position: pad(at),
      shard: at % shards,
      wanted: true,
    }));
    const reads = { count: 0 };
    const page = await newestFirst({ shards, limit: 8, read: reader(rows, 4, reads) });
    expect(page.items).toHaveLength(8);
    expect(reads.count).toBe(shards);
  });
});
