import { inTurns } from '#core/concurrency/concurrency.ts';
import type { RedrivePorts } from './ports.ts';
import { isReachable, type Started } from './start-again.ts';

// One step, and with a second between two steps also the pace: more than most receivers take in a second at once,
// and few enough that what is new in the retry queue gets its turn.
export const perStep = 100;
const atATime = 20;

export interface Counts {
  readonly started: number;
  readonly skipped: number;
}

/** Does it for each, some at a time, and counts. */
export async function countEach<Item>(
  items: readonly Item[],
  start: (item: Item) => Promise<Started>,
): Promise<Counts> {
  const outcomes = await inTurns(items, atATime, start);
  const started = outcomes.filter((outcome) => outcome === 'started').length;
  return { started, skipped: outcomes.length - started };
}

/** The endpoints of these that a webhook could leave for. */
export async function reachableOf(
  wanted: readonly { readonly endpointId: string }[],
  ports: RedrivePorts,
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(wanted.map(({ endpointId }) => endpointId))];
  const found = await inTurns(ids, atATime, async (id) => ((await isReachable(id, ports)) ? [id] : []));
  return new Set(found.flat());
}

export const sum = (a: Counts, b: Counts): Counts => ({
  started: a.started + b.started,
  skipped: a.skipped + b.skipped,
});
