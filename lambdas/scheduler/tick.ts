import { attentionShards, dueKey } from '#core/delivery/attention.ts';
import type { DeliveryKey } from '#core/delivery/delivery.ts';
import type { WatchedEndpoint } from '#core/delivery/drain.ts';
import { dueBy } from '#core/delivery/release.ts';
import { lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import type { Page } from '#core/page/page.ts';
import { attendEndpoint, type EndpointPorts } from './endpoint.ts';
import { releasePages } from './pages.ts';

/** Something the scheduler was asked to look at. */
export type AttentionEntry =
  /** The routes of an application changed; they may want packing. */
  | {
      readonly kind: 'routes';
      readonly applicationId: string;
      readonly changes: number;
      readonly since: number;
    }
  /** Deliveries are or may be held for an endpoint. */
  | ({ readonly kind: 'endpoint' } & WatchedEndpoint)
  /** An application was removed; what it had is to be taken down. */
  | { readonly kind: 'purge'; readonly applicationId: string; readonly since: number };

export interface TickPorts extends EndpointPorts {
  due(shard: number, until: number, after?: string): Promise<Page<DeliveryKey>>;
  readonly attention: {
    list(): Promise<readonly AttentionEntry[]>;
    clear(entry: AttentionEntry): Promise<void>;
  };
  /** Packs an application's routes when that is worth it and begins in time; true when nothing is left to do. */
  pack(entry: Extract<AttentionEntry, { kind: 'routes' }>, hasTime: () => boolean): Promise<boolean>;
  /** Takes down what a removed application had, while there is time; true when nothing is left. */
  purge(applicationId: string, hasTime: () => boolean): Promise<boolean>;
  /** In [0, 1). */
  random(): number;
  /** Told of each part that failed, so that one cannot keep the others from their turn. */
  onError(part: string, error: unknown): void;
}

// An application whose routes changed takes some ten round trips to pack, and ten thousand may have changed.
const lanes = 8;

// Milliseconds for one entry, then the others get their turn: a disabled endpoint may have a million deliveries to end.
const longestTurn = 2_000;

// The next tick comes in a minute, and may be late: what is due until then is queued now with a delay.
const lookAhead = 90_000;

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
    ports.onError(part, error);
    return 0;
  }
}

async function releaseDue(shard: number, ports: TickPorts): Promise<number> {
  const until = ports.now() + lookAhead;
  return releasePages((after) => ports.due(shard, until, after), dueBy(until), ports);
}

/**
 * Looks at a few entries at a time, in an order that is another one in each tick: when there are more than one tick
 * has time for, all get their turn. What takes longer than its turn goes on behind the others.
 */
async function attend(ports: TickPorts): Promise<number> {
  const all = shuffled(await ports.attention.list(), ports.random);
  // What can take the whole tick comes last: nobody waits for it.
  const isPurge = ({ kind }: AttentionEntry) => kind === 'purge';
  const entries = [...all.filter((one) => !isPurge(one)), ...all.filter(isPurge)];
  // An entry says what was announced before it was listed: in a further turn it would be told again.
  const told = new Set<string>();
  const announce: TickPorts['announce'] = async (event) => {
    const id = lifecycleId(event);
    if (told.has(id)) return;
    await ports.announce(event);
    told.add(id);
  };
  let taken = 0;
  const lane = async (): Promise<number> => {
    let released = 0;
    while (ports.hasTime()) {
      const entry = entries[taken];
      if (entry === undefined) break;
      taken += 1;
      const turnEnds = ports.now() + longestTurn;
      let isCut = false;
      const hasTime = (): boolean => {
        if (ports.now() < turnEnds) return ports.hasTime();
        isCut = true;
        return false;
      };
      released += await attendEntry(entry, {
        ...ports,
        hasTime: isPurge(entry) ? ports.hasTime : hasTime,
        announce,
      });
      if (isCut) entries.push(entry);
    }
    return released;
  };
  const counts = await Promise.all(Array.from({ length: lanes }, lane));
  return counts.reduce((sum, count) => sum + count, 0);
}

function attendEntry(entry: AttentionEntry, ports: TickPorts): Promise<number> {
  if (entry.kind === 'routes') {
    return attempt(
      `routes of ${entry.applicationId}`,
      async () => {
        if (await ports.pack(entry, ports.hasTime)) await ports.attention.clear(entry);
        return 0;
      },
      ports,
    );
  }
  if (entry.kind === 'purge') {
    return attempt(
      `the purge of ${entry.applicationId}`,
      async () => {
        if (await ports.purge(entry.applicationId, ports.hasTime)) await ports.attention.clear(entry);
        return 0;
      },
      ports,
    );
  }
  return attempt(
    `endpoint ${entry.endpointId}`,
    async () => {
      const { released, done } = await attendEndpoint(entry, ports);
      if (done) await ports.attention.clear(entry);
      return released;
    },
    ports,
  );
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
