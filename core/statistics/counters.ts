/** Upper bounds of the duration histogram in seconds. A last bucket counts longer durations. */
export const durationBounds = [0.1, 0.5, 1, 2, 5, 10, 30] as const;

/** How a delivery ended: succeeded, cancelled, or the reason of a dead letter. */
export type Settlement =
  | 'succeeded'
  | 'cancelled'
  | 'exhausted'
  | 'refused'
  | 'gone'
  | 'forbidden_target'
  | 'internal';

type Counts = Readonly<Record<string, number>>;

/** The counters of an endpoint or an application. Times are epoch milliseconds, durations milliseconds. */
export interface Counters {
  readonly attempts: number;
  readonly successes: number;
  /** Sum of the durations of all attempts. */
  readonly duration: number;
  /** Attempts by duration: one count for each bound and one for longer durations; not cumulative. */
  readonly durations: readonly number[];
  /** Attempts after the first of their generation, by their number. */
  readonly retries: Counts;
  /** Deliveries that ended, by settlement. A dead letter that is restarted can end twice. */
  readonly settled: Counts;
  readonly lastSuccessAt?: number;
  readonly lastFailureAt?: number;
  /** Only of an application: accepted events, in total and by type and source (see `eventLabel`). */
  readonly events: number;
  readonly eventLabels: Counts;
  /** Only of an application: failed attempts by endpoint, for the endpoints that fail most. */
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

/** How many pairs of type and source an application counts apart. Later pairs share `otherEvents`. */
export const eventLabelLimit = 100;
/** How many failing endpoints an hour of an application keeps. */
export const failingLimit = 50;

/** The label of events beyond `eventLabelLimit`. The type of an event is never empty. */
export const otherEvents = eventLabel('', '');

/** Type and source of an event as one key. The source is empty if the event has none. */
export function eventLabel(type: string, source: string): string {
  return JSON.stringify([type, source]);
}

/** @throws Error for a text that `eventLabel` did not make */
export function parseEventLabel(label: string): { readonly type: string; readonly source: string } {
  const [type, source]: unknown[] = JSON.parse(label);
  if (typeof type !== 'string' || typeof source !== 'string')
    throw new Error(`expected a JSON array of the type and source of an event, got ${label}`);
  return { type, source };
}

/** The sum. Where the number of keys is limited, the keys of `one` stay. */
export function addCounters(one: Counters, other: Counters): Counters {
  return {
    attempts: one.attempts + other.attempts,
    successes: one.successes + other.successes,
    duration: one.duration + other.duration,
    durations: one.durations.map((count, index) => count + (other.durations[index] ?? 0)),
    retries: addCounts(one.retries, other.retries),
    settled: addCounts(one.settled, other.settled),
    lastSuccessAt: latest(one.lastSuccessAt, other.lastSuccessAt),
    lastFailureAt: latest(one.lastFailureAt, other.lastFailureAt),
    events: one.events + other.events,
    eventLabels: addEventLabels(one.eventLabels, other.eventLabels),
    failing: mostFailing(addCounts(one.failing, other.failing), failingLimit),
  };
}

export const sumCounters = (all: readonly Counters[]): Counters => all.reduce(addCounters, noCounters);

/** The endpoints with the most failures, sorted by failures and then by id. */
export function mostFailing(failing: Counts, limit: number): Counts {
  const ranked = Object.entries(failing).toSorted(
    ([a, failures], [b, others]) => others - failures || (a < b ? -1 : 1),
  );
  return Object.fromEntries(ranked.slice(0, limit));
}

/** The index of the bucket for a duration in milliseconds. */
export function bucketOf(duration: number): number {
  const index = durationBounds.findIndex((bound) => duration <= bound * 1_000);
  return index < 0 ? durationBounds.length : index;
}

function addCounts(one: Counts, other: Counts): Counts {
  const sum = { ...one };
  for (const [key, count] of Object.entries(other)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

// A label is never removed, because a counter that disappears and comes back looks like a restart.
function addEventLabels(one: Counts, other: Counts): Counts {
  const sum = { ...one };
  let labels = Object.keys(sum).filter((label) => label !== otherEvents).length;
  for (const [label, count] of Object.entries(other)) {
    const isKnown = label in sum || label === otherEvents;
    const counted = isKnown || labels < eventLabelLimit ? label : otherEvents;
    if (!isKnown && counted === label) labels += 1;
    sum[counted] = (sum[counted] ?? 0) + count;
  }
  return sum;
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
