/** Upper bounds of the duration histogram, in seconds; what takes longer is counted beyond the last. */
export const durationBounds = [0.1, 0.5, 1, 2, 5, 10, 30] as const;

/** How a delivery ended: the reason of a dead one, or one of the other two. */
export type Settlement =
  | 'succeeded'
  | 'cancelled'
  | 'exhausted'
  | 'refused'
  | 'gone'
  | 'forbidden_target'
  | 'internal';

type Counts = Readonly<Record<string, number>>;

/** What is counted for an endpoint or an application. Times are epoch milliseconds, durations milliseconds. */
export interface Counters {
  readonly attempts: number;
  readonly successes: number;
  /** Sum of all attempts' durations. */
  readonly duration: number;
  /** Attempts by duration, one for each bound and one beyond; not cumulative. */
  readonly durations: readonly number[];
  /** Attempts after the first of their generation, by their number. */
  readonly retries: Counts;
  /** Deliveries that ended, by how. One that was dead and was started again may end twice. */
  readonly settled: Counts;
  readonly lastSuccessAt?: number;
  readonly lastFailureAt?: number;
  /** Only of an application: events taken, and those by type and source (see `eventLabel`). */
  readonly events: number;
  readonly eventLabels: Counts;
  /** Only of an application: failed attempts by endpoint, of those that fail most. */
  readonly failing: Counts;
}

export const noCounters: Counters = {
  attempts: 0,
  successes: 0,
  duration: 0,
  durations: Array<number>(durationBounds.length + 1).fill(0),
  retries: {},
  settled: {},
  events: 0,
  eventLabels: {},
  failing: {},
};

/** Pairs of type and source that are counted apart for an application; all that come later share one. */
export const eventLabelLimit = 100;
/** Failing endpoints that an application's hour remembers. */
export const failingLimit = 50;

/** The pair that events are counted under once there are too many others: no event's type is an empty text. */
export const otherEvents = eventLabel('', '');

/** An event's type and source as one key. An event without a source has the empty one. */
export function eventLabel(type: string, source: string): string {
  return JSON.stringify([type, source]);
}

/** @throws Error when it is no key that `eventLabel` made */
export function parseEventLabel(label: string): { readonly type: string; readonly source: string } {
  const [type, source]: unknown[] = JSON.parse(label);
  if (typeof type !== 'string' || typeof source !== 'string')
    throw new Error(`expected the type and the source of events, got ${label}`);
  return { type, source };
}

/** Both together. What stood first keeps its place where places are few. */
export function addCounters(one: Counters, other: Counters): Counters {
  const lastSuccessAt = latest(one.lastSuccessAt, other.lastSuccessAt);
  const lastFailureAt = latest(one.lastFailureAt, other.lastFailureAt);
  return {
    attempts: one.attempts + other.attempts,
    successes: one.successes + other.successes,
    duration: one.duration + other.duration,
    durations: one.durations.map((count, index) => count + (other.durations[index] ?? 0)),
    retries: addCounts(one.retries, other.retries),
    settled: addCounts(one.settled, other.settled),
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
    ...(lastFailureAt === undefined ? {} : { lastFailureAt }),
    events: one.events + other.events,
    eventLabels: addEventLabels(one.eventLabels, other.eventLabels),
    failing: mostFailing(addCounts(one.failing, other.failing), failingLimit),
  };
}

export const sumCounters = (all: readonly Counters[]): Counters => all.reduce(addCounters, noCounters);

/** The endpoints that fail most, most first; those that fail alike in the order of their ids. */
export function mostFailing(failing: Counts, limit: number): Counts {
  const ranked = Object.entries(failing).toSorted(
    ([a, failures], [b, others]) => others - failures || (a < b ? -1 : 1),
  );
  return Object.fromEntries(ranked.slice(0, limit));
}

/** Which of the histogram's counts a duration (milliseconds) belongs to. */
export function bucketOf(duration: number): number {
  const index = durationBounds.findIndex((bound) => duration <= bound * 1_000);
  return index < 0 ? durationBounds.length : index;
}

function addCounts(one: Counts, other: Counts): Counts {
  const sum = { ...one };
  for (const [key, count] of Object.entries(other)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

// A label that has a place keeps it for ever: a counter that went away and came back would seem to restart.
function addEventLabels(one: Counts, other: Counts): Counts {
  const sum = { ...one };
  let places = Object.keys(sum).filter((label) => label !== otherEvents).length;
  for (const [label, count] of Object.entries(other)) {
    const isKnown = label in sum || label === otherEvents;
    const counted = isKnown || places < eventLabelLimit ? label : otherEvents;
    if (!isKnown && counted === label) places += 1;
    sum[counted] = (sum[counted] ?? 0) + count;
  }
  return sum;
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
