import type { StreamRecord } from '#adapters/dynamodb/statistics/stream-record.ts';
import { contributionsOf, eventContributions, type RollupKey } from '#core/statistics/contribution.ts';
import { type CountedChange, type Rollup, roll } from '#core/statistics/rollup.ts';

export interface RollupPorts {
  /** Consistent; in the order of the keys. */
  readonly getMany: (keys: readonly RollupKey[]) => Promise<readonly Rollup[]>;
  /** False when another write came between. */
  readonly store: (key: RollupKey, next: Rollup) => Promise<boolean>;
  /** Whether this invocation has time for more writes. Records without one come again. */
  readonly hasTime: () => boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits; milliseconds. */
  readonly pause: (duration: number) => Promise<void>;
  /** In [0, 1), for jitter. */
  readonly random: () => number;
  /** Called for a record that this release cannot read. It is left out, because it would be unreadable again. */
  readonly onUnreadable: (record: StreamRecord, error: unknown) => void;
  /** Called for a roll-up that could not be written. Its records come again. */
  readonly onFailed: (key: RollupKey, error: unknown) => void;
}

interface Group {
  readonly key: RollupKey;
  readonly changes: CountedChange[];
  /** The index of its first record. */
  readonly first: number;
}

const writesAtATime = 25;
// Other shards write to the same roll-ups. Pauses double from 25 ms, up to three seconds in all.
const tries = 8;
const shortestPause = 25;

/**
 * Adds a batch of the stream to the roll-ups, with one write for each roll-up.
 *
 * @returns the sequence number from which records must come again, undefined when all are counted. Records that come again
 * are counted once
 */
export async function rollUp(
  records: readonly StreamRecord[],
  ports: RollupPorts,
): Promise<string | undefined> {
  const groups = [...groupByRollup(records, ports).values()];
  let failed = records.length;
  const standing = await ports.getMany(groups.map(({ key }) => key));
  for (let from = 0; from < groups.length; from += writesAtATime) {
    // Each delivery of a wide event has its own roll-ups, and a slow table may not write them all in time.
    if (from > 0 && !ports.hasTime()) {
      failed = Math.min(failed, ...groups.slice(from).map(({ first }) => first));
      break;
    }
    const writes = groups.slice(from, from + writesAtATime).map(async (group, index) => {
      try {
        await write(group, standing[from + index], ports);
      } catch (error) {
        ports.onFailed(group.key, error);
        failed = Math.min(failed, group.first);
      }
    });
    await Promise.all(writes);
  }
  return records[failed]?.sequenceNumber;
}

function groupByRollup(records: readonly StreamRecord[], ports: RollupPorts): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const [index, record] of records.entries()) {
    for (const { key, counters } of readContributions(record, ports)) {
      const name = JSON.stringify(key);
      const group = groups.get(name) ?? { key, changes: [], first: index };
      group.changes.push({ fingerprint: record.fingerprint, counters });
      groups.set(name, group);
    }
  }
  return groups;
}

function readContributions(record: StreamRecord, { onUnreadable }: RollupPorts) {
  try {
    const change = record.decode();
    return change.kind === 'event'
      ? eventContributions(change.event)
      : contributionsOf(change.before, change.after);
  } catch (error) {
    onUnreadable(record, error);
    return [];
  }
}

async function write(
  { key, changes }: Group,
  standing: Rollup | undefined,
  ports: RollupPorts,
): Promise<void> {
  let found = standing;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (attempt > 0) {
      await ports.pause(ports.random() * shortestPause * 2 ** attempt);
      [found] = await ports.getMany([key]);
    }
    if (found === undefined) throw new Error('the store did not return a roll-up for each key');
    const next = roll(found, changes, ports.now());
    if (next === undefined || (await ports.store(key, next))) return;
  }
  throw new Error(`other writers changed the roll-up ${tries} times in a row`);
}
