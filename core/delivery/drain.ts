import { cleanCircuit } from '#core/circuit/circuit.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import type { Delivery } from './delivery.ts';

/** How far the release of an endpoint's held deliveries has come. Times are epoch milliseconds. */
export interface DrainProgress {
  /** When the pause or the open circuit ended that had held them. A later one starts another drain. */
  readonly cause: number;
  /** Counts the steps; the function that takes the next one raises it. */
  readonly step: number;
  /** How many deliveries the step released at most. */
  readonly size: number;
  readonly at: number;
  /** The event of the newest delivery that it released. */
  readonly last: string;
}

/** An endpoint that the scheduler looks at, because deliveries are or may be held for it. */
export interface WatchedEndpoint {
  readonly endpointId: string;
  readonly applicationId: string;
  /** When its circuit opened or its status changed last. */
  readonly since: number;
  /** How far their release has come; absent before its first step. */
  readonly drain?: DrainProgress;
  /** The id of its last lifecycle event that was announced. */
  readonly announced?: string;
}

/** What to do with the deliveries that are held for an endpoint. */
export type HeldPlan =
  /** Nothing: the endpoint is paused or its circuit is open. */
  | { readonly kind: 'stay' }
  /** Release all at once, for deliver to cancel them: the endpoint is disabled or deleted, so nothing is sent. */
  | { readonly kind: 'cancel'; readonly since: number }
  /** Release them in steps: the endpoint takes deliveries again, since `cause`. */
  | { readonly kind: 'drain'; readonly cause: number };

export function planHeld(record: OutlineRecord | undefined): HeldPlan {
  if (record === undefined) return { kind: 'cancel', since: 0 };
  const { endpoint, state, circuit = cleanCircuit } = record;
  if (state.status === 'disabled') return { kind: 'cancel', since: state.since };
  if (state.status === 'paused') return { kind: 'stay' };
  if (circuit.state === 'open' && endpoint.circuitBreaker.enabled) return { kind: 'stay' };
  return { kind: 'drain', cause: Math.max(state.since, circuit.since ?? 0) };
}

const firstSize = 10;
// What a function can release well within its time.
const longestSize = 640;
/** Milliseconds between two steps, so that the next one sees how the last one went. */
export const stepPause = 2_000;
// Clocks differ a little, and a queue's delay may end a little early.
const tolerance = 500;
// A delivery without an outcome after this time does not stop the drain: it may be unreadable.
const longestWait = 5 * 60_000;

export type StepPlan =
  /** Another message took this step or will take it. */
  | { readonly kind: 'stop' }
  /** The deliveries of the last step are still under way: look again after `stepPause`. */
  | { readonly kind: 'look-again' }
  | { readonly kind: 'release'; readonly step: Omit<DrainProgress, 'last'> };

/** The event of the delivery whose outcome the next step waits for, the newest of the last step; undefined after a while. */
export const awaited = (progress: DrainProgress | undefined, now: number): string | undefined =>
  progress !== undefined && now - progress.at < longestWait ? progress.last : undefined;

/**
 * The next step of a drain: 10 deliveries, then twice as many each time while the endpoint answers well.
 *
 * @param asked the step that the message asks to follow; 0 to begin
 * @param last the `awaited` delivery as it stands, undefined when there is none
 */
export function planStep(
  { cause, dirty }: { readonly cause: number; readonly dirty: boolean },
  progress: DrainProgress | undefined,
  asked: number,
  last: Delivery | undefined,
  now: number,
): StepPlan {
  if (progress?.cause !== cause) {
    return { kind: 'release', step: { cause, step: 1, size: firstSize, at: now } };
  }
  const passed = now - progress.at;
  if (asked !== progress.step || passed < stepPause - tolerance) return { kind: 'stop' };
  if (last !== undefined && isUnderWay(last, now)) return { kind: 'look-again' };
  const size = dirty ? firstSize : Math.min(longestSize, progress.size * 2);
  return { kind: 'release', step: { cause, step: progress.step + 1, size, at: now } };
}

/** Queued and due, or being attempted. A delivery that waits for its backoff has its answer. */
function isUnderWay({ state }: Delivery, now: number): boolean {
  if (state.status === 'queued') return state.dueAt <= now;
  return state.status === 'attempting' && state.until > now;
}

/** A page of one shard's held deliveries, oldest first; `next` when there are more. */
interface HeldPage<Reference> {
  readonly items: readonly Reference[];
  readonly next?: string;
}

/**
 * The oldest deliveries of all shards, at most `size`. The order of event ids is the order of their times. When a shard has
 * more than its page, nothing newer than the end of the page is taken, because the shard may hold an older one.
 */
export function oldestOf<Reference extends { readonly eventId: string }>(
  pages: readonly HeldPage<Reference>[],
  size: number,
): Reference[] {
  const ends = pages.flatMap(({ items, next }) => (next === undefined ? [] : (items.at(-1)?.eventId ?? [])));
  const end = ends.reduce<string | undefined>(
    (least, id) => (least === undefined || id < least ? id : least),
    undefined,
  );
  return pages
    .flatMap(({ items }) => items)
    .filter(({ eventId }) => end === undefined || eventId <= end)
    .toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1))
    .slice(0, size);
}

/** The newest deliveries of all shards, at most `size`, newest first. */
export const newestOf = <Reference extends { readonly eventId: string }>(
  shards: readonly (readonly Reference[])[],
  size: number,
): Reference[] =>
  shards
    .flat()
    .toSorted((a, b) => (a.eventId > b.eventId ? -1 : 1))
    .slice(0, size);
