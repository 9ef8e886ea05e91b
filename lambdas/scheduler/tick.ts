import { attentionShards, dueKey } from '../core/delivery/attention.ts';
import { dueBy, heldByPause, type ReleasePorts, release } from '../core/delivery/release.ts';
import type { EndpointRecord } from '../core/endpoint/endpoint.ts';

interface Reference {
  readonly endpointId: string;
  readonly eventId: string;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** Something the scheduler was asked to look at. */
export type AttentionEntry =
  /** The routes of an application changed; they may want packing. */
  | {
      readonly kind: 'routes';
      readonly applicationId: string;
      readonly changes: number;
      readonly since: number;
    }
  /** An endpoint was resumed; what it held is to be released. Times in epoch milliseconds. */
  | {
      readonly kind: 'drain';
      readonly applicationId: string;
      readonly endpointId: string;
      readonly since: number;
    };

export interface TickPorts extends ReleasePorts {
  now(): number;
  /** Whether there is time for more in this invocation. */
  hasTime(): boolean;
  due(shard: number, until: number, after?: string): Promise<Page<Reference>>;
  held(endpointId: string, shard: number, after?: string): Promise<Page<Reference>>;
  readonly attention: {
    list(): Promise<readonly AttentionEntry[]>;
    clear(entry: AttentionEntry): Promise<void>;
  };
  endpoint(endpointId: string): Promise<EndpointRecord | undefined>;
  /** Packs an application's routes when that is worth it; true when nothing is left to do. */
  pack(entry: Extract<AttentionEntry, { kind: 'routes' }>): Promise<boolean>;
  /** Told of each part that failed, so that one cannot keep the others from their turn. */
  troubled(part: string, error: unknown): void;
}

// The next tick comes in a minute, and may be late: what is due until then is queued now with a delay.
const lookAhead = 90_000;
// An index is not read-your-writes, and a hold may be stored just after a resume: only an empty pass this long
// after its cause ended the drain is over.
const drainGrace = 5 * 60_000;

/** One pass of the scheduler. Overlapping passes are harmless: each release is a conditional write. */
export async function tick(ports: TickPorts): Promise<{ readonly released: number }> {
  const shards = Array.from({ length: attentionShards }, (_, shard) => shard);
  const counts = await Promise.all([
    ...shards.map((shard) => attempt(dueKey(shard), () => releaseDue(shard, ports), ports)),
    attempt('attention', () => attend(ports), ports),
  ]);
  return { released: counts.reduce((sum, count) => sum + count, 0) };
}

async function attempt(part: string, work: () => Promise<number>, ports: TickPorts): Promise<number> {
  try {
    return await work();
  } catch (error) {
    ports.troubled(part, error);
    return 0;
  }
}

async function releaseDue(shard: number, ports: TickPorts): Promise<number> {
  const until = ports.now() + lookAhead;
  return releasePages((after) => ports.due(shard, until, after), dueBy(until), ports);
}

async function attend(ports: TickPorts): Promise<number> {
  let released = 0;
  for (const entry of await ports.attention.list()) {
    if (!ports.hasTime()) break;
    if (entry.kind === 'drain') {
      released += await attempt(`drain of ${entry.endpointId}`, () => drain(entry, ports), ports);
    } else {
      await attempt(
        `routes of ${entry.applicationId}`,
        async () => {
          if (await ports.pack(entry)) await ports.attention.clear(entry);
          return 0;
        },
        ports,
      );
    }
  }
  return released;
}

async function drain(entry: Extract<AttentionEntry, { kind: 'drain' }>, ports: TickPorts): Promise<number> {
  const record = await ports.endpoint(entry.endpointId);
  // Paused again: its holds stand, and the next resume asks anew.
  if (record?.state.status === 'paused') {
    await ports.attention.clear(entry);
    return 0;
  }
  const released = await releaseHeld(entry.endpointId, ports);
  if (released === 0 && ports.hasTime() && ports.now() - entry.since > drainGrace)
    await ports.attention.clear(entry);
  return released;
}

async function releaseHeld(endpointId: string, ports: TickPorts): Promise<number> {
  let released = 0;
  for (let shard = 0; shard < attentionShards; shard += 1) {
    released += await releasePages((after) => ports.held(endpointId, shard, after), heldByPause, ports);
  }
  return released;
}

async function releasePages(
  page: (after?: string) => Promise<Page<Reference>>,
  wanted: Parameters<typeof release>[2],
  ports: TickPorts,
): Promise<number> {
  let released = 0;
  let after: string | undefined;
  do {
    const { items, next } = await page(after);
    const outcomes = await Promise.all(items.map((item) => release(ports, item, wanted, ports.now())));
    released += outcomes.filter(Boolean).length;
    after = next;
  } while (after !== undefined && ports.hasTime());
  return released;
}
