import { parseApplication } from '#adapters/dynamodb/application/application-item.ts';
import { readVersion } from '#adapters/dynamodb/routing-log/routing-change.ts';
import { changesAfter } from '#adapters/dynamodb/routing-log/routing-log.ts';
import type { SnapshotHead } from '#adapters/dynamodb/routing-log/snapshot-item.ts';
import { applicationKey } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem } from '#adapters/dynamodb/table/config-table.ts';
import { createLanes } from '#core/concurrency/concurrency.ts';
import { loadRouting, rebuildRouting } from './routing-load.ts';
import { readHead, writeSnapshot } from './routing-snapshot.ts';

/**
 * `fresh`: the snapshot that stands holds every change. `missing`: there is no such application. `late`: other
 * applications took so long that no time was left for this one.
 */
type PackOutcome = 'packed' | 'fresh' | 'missing' | 'late';

// For a function that is further behind, reading the snapshot is cheaper.
const mostChanges = 1_000;

// Bytes of memory. Eight smaller applications, which are packed beside a large one, take a fraction of its memory.
const largeRoutes = 8 * 1024 * 1024;

/** Decided by the application's own count, because repetitive routes fit into one piece however much memory they take. */
async function isLarge(table: ConfigTable, applicationId: string, head: SnapshotHead): Promise<boolean> {
  if (head.pieces > 1) return true;
  const item = await getItem(table, applicationKey(applicationId), { consistent: false });
  return item !== undefined && parseApplication(item).counts.routeBytes > largeRoutes;
}

export function createRoutingStore(table: ConfigTable) {
  // Packing a large application takes a good part of the memory of a function, which packs others at the same time.
  const inTurn = createLanes(1);

  return {
    /** The version that stands, read consistently from a random copy; undefined when there is no such application. */
    version: async (applicationId: string) => (await readVersion(table, applicationId))?.version,

    /** The changes after a version, ascending, consistent; at most 1,000, and none from further back than 7 days. */
    changesAfter: (applicationId: string, version: number) =>
      changesAfter(table, applicationId, version, mostChanges),

    /**
     * The routes, not older than the version that stood when this was called.
     *
     * @param expect called with about how many bytes of memory they take, before they are read
     * @throws NotFound when there is no such application
     */
    async load(applicationId: string, expect: (bytes: number) => void = () => undefined) {
      const index = await loadRouting(table, applicationId, expect);
      return { version: index.version, index };
    },

    /**
     * Packs a snapshot from the endpoints' items.
     *
     * @param hasTime asked when it is the turn of a large application, of which one is packed at a time. @default - always
     */
    async pack(applicationId: string, hasTime: () => boolean = () => true) {
      const standing = await readVersion(table, applicationId);
      const head = await readHead(table, applicationId);
      if (standing === undefined || head === undefined) return 'missing';
      if (head.version >= standing.version) return 'fresh';
      const pack = async (): Promise<PackOutcome> => {
        const index = await rebuildRouting(table, applicationId);
        return (await writeSnapshot(table, applicationId, index)) ? 'packed' : 'fresh';
      };
      if (!(await isLarge(table, applicationId, head))) return pack();
      return inTurn(async () => (hasTime() ? pack() : 'late'));
    },
  };
}
