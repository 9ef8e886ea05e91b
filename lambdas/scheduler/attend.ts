import type { AttentionEntry, RoutesEntry } from '#core/delivery/attention-entry.ts';
import { lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import { type Attended, attendEndpoint, type EndpointPorts } from './endpoint.ts';

export interface AttendPorts extends EndpointPorts {
  readonly attention: {
    list(): Promise<readonly AttentionEntry[]>;
    /** Removes an entry, unless it was renewed since it was read. */
    clear(entry: AttentionEntry): Promise<void>;
  };
  /** Packs an application's routes if that is worth it and can start in time. True when nothing is left to do. */
  pack(entry: RoutesEntry, hasTime: () => boolean): Promise<boolean>;
  /** Deletes what a removed application had, while there is time. True when nothing is left. */
  purge(applicationId: string, hasTime: () => boolean): Promise<boolean>;
  /** In [0, 1). */
  random(): number;
  /** Called for each part that failed. A failed part does not stop the others. */
  onError(part: string, error: unknown): void;
}

// Ten thousand applications may have changed their routes, and to pack those of one takes some ten round trips.
const atATime = 8;

// Milliseconds. A disabled endpoint may have a million deliveries to end, so after this time other entries follow.
const longestSlice = 2_000;

/**
 * Looks at all entries, a few at a time. The order is random, so that every entry is reached in some tick even when one
 * tick has time for a few only. An entry that takes longer than its time slice continues behind the others.
 *
 * @returns how many deliveries were released
 */
export async function attendAll(ports: AttendPorts): Promise<number> {
  const entries = inOrder(await ports.attention.list(), ports.random);
  const announce = announcingOnce(ports);
  const lanes = Array.from({ length: atATime }, () => attendNext(entries, { ...ports, announce }));
  return (await Promise.all(lanes)).reduce((sum, released) => sum + released, 0);
}

/** Purges come last, because one may take the rest of the tick. */
function inOrder(entries: readonly AttentionEntry[], random: () => number): AttentionEntry[] {
  return entries
    .map((entry) => ({ entry, rank: random() + (entry.kind === 'purge' ? 1 : 0) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

/** An entry names what was announced before it was read. So in its next time slice it would be announced again. */
function announcingOnce(ports: AttendPorts): AttendPorts['announce'] {
  const announced = new Set<string>();
  return async (event) => {
    const id = lifecycleId(event);
    if (announced.has(id)) return;
    await ports.announce(event);
    announced.add(id);
  };
}

async function attendNext(entries: AttentionEntry[], ports: AttendPorts): Promise<number> {
  let released = 0;
  while (ports.hasTime()) {
    const entry = entries.shift();
    if (entry === undefined) return released;
    if (entry.kind === 'purge') {
      await attend(entry, ports);
      continue;
    }
    const slice = timeSlice(ports);
    released += await attend(entry, { ...ports, hasTime: slice.hasTime });
    if (slice.isCut()) entries.push(entry);
  }
  return released;
}

function timeSlice(ports: AttendPorts) {
  const end = ports.now() + longestSlice;
  let isCut = false;
  const hasTime = (): boolean => {
    if (ports.now() < end) return ports.hasTime();
    isCut = true;
    return false;
  };
  return { hasTime, isCut: () => isCut };
}

function attend(entry: AttentionEntry, ports: AttendPorts): Promise<number> {
  return reportingErrors(
    nameOf(entry),
    async () => {
      const { released, done } = await workFor(entry, ports);
      if (done) await ports.attention.clear(entry);
      return released;
    },
    ports,
  );
}

async function workFor(entry: AttentionEntry, ports: AttendPorts): Promise<Attended> {
  switch (entry.kind) {
    case 'routes':
      return { released: 0, done: await ports.pack(entry, ports.hasTime) };
    case 'purge':
      return { released: 0, done: await ports.purge(entry.applicationId, ports.hasTime) };
    case 'endpoint':
      return attendEndpoint(entry, ports);
  }
}

function nameOf(entry: AttentionEntry): string {
  switch (entry.kind) {
    case 'routes':
      return `routes of ${entry.applicationId}`;
    case 'purge':
      return `the purge of ${entry.applicationId}`;
    case 'endpoint':
      return `endpoint ${entry.endpointId}`;
  }
}

/** Does a part of the tick, whose failure does not stop the others. @returns what `work` returns, 0 when it fails */
export async function reportingErrors(
  part: string,
  work: () => Promise<number>,
  { onError }: Pick<AttendPorts, 'onError'>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    onError(part, error);
    return 0;
  }
}
