import { circuitStateOf, cleanCircuit } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { Delivery } from './delivery.ts';

/** How far the release of an endpoint's held deliveries has come. Times are epoch milliseconds. */
export interface DrainProgress {
  /** When the pause or the open circuit ended that had held them: another one begins another drain. */
  readonly cause: number;
  /** Counts the steps; whoever takes the next one raises it. */
  readonly step: number;
  /** How many the step released at most. */
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
  /** The id of the lifecycle event that was announced last of it. */
  readonly announced?: string;
}

/** What is to be done with what is held for an endpoint. */
export type HeldPlan =
  /** It stands: the endpoint is paused or its circuit open. */
  | { readonly kind: 'stay' }
  /** The endpoint is disabled or deleted: all may go to their end at once, since nothing will be sent. */
  | { readonly kind: 'cancel'; readonly since: number }
  /** The endpoint takes deliveries again, since `cause`. */
  | { readonly kind: 'drain'; readonly cause: number };

export function planHeld(record: EndpointRecord | undefined): HeldPlan {
  if (record === undefined) return { kind: 'cancel', since: 0 };
  const { endpoint, state, circuit = cleanCircuit } = record;
  if (state.status === 'disabled') return { kind: 'cancel', since: state.since };
  if (state.status === 'paused') return { kind: 'stay' };
  if (circuit.state === 'open' && endpoint.circuitBreaker.enabled) return { kind: 'stay' };
  return { kind: 'drain', cause: Math.max(state.since, circuit.since ?? 0) };
}

/** Whether one held delivery may go as the probe of its endpoint's circuit. */
export const mayProbe = (record: EndpointRecord | undefined, now: number): boolean =>
  record?.state.status === 'active' && circuitStateOf(record, now) === 'probe';

const firstSize = 10;
// What a function can release well within its time.
const longestSize = 640;
/** Milliseconds between two steps, for the outcomes of the first to be seen. */
export const stepPause = 2_000;
// Clocks of two machines differ a little, and a queue's delay ends a little early or late.
const tolerance = 500;
// A delivery that is not seen to after so long hangs for reasons of its own, or cannot be read at all.
const longestWait = 5 * 60_000;

export type StepPlan =
  /** Somebody else took this step or takes it later. */
  | { readonly kind: 'stop' }
  /** What the last step released is still under way: look again after `stepPause`. */
  | { readonly kind: 'look-again' }
  | { readonly kind: 'release'; readonly step: Omit<DrainProgress, 'last'> };

/** The event of the delivery whose outcome the next step waits for: the newest of the step before, but not for ever. */
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

/** Queued and due, or being attempted; a delivery that waits for its backoff has had its answer. */
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
 * The oldest of all shards, at most `size`. Ids of events are in the order of their times. Where a page ended early,
 * nothing newer than its end is taken: an older one may still be in that shard.
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
