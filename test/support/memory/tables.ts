import type { Delivery } from '#core/delivery/delivery.ts';
import type { WatchedEndpoint } from '#core/delivery/drain.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { Matched, MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import type { KeyRecord } from '#core/idempotency/stored-answer.ts';
import type { Task } from '#core/task/task.ts';
import type { Progress } from '#lambdas/fan-out/progress.ts';
import type { Sweep } from '#lambdas/reconcile/sweep.ts';
import { RevisedItems } from './revised-items.ts';
import { WatchdogIndex } from './watchdog-index.ts';

/** An event or, after its deletion, what is left of it. Times are epoch milliseconds. */
export interface EventRow {
  readonly applicationId: string;
  readonly event?: StoredEvent;
  readonly left?: Matched & { readonly isDone: boolean };
  readonly expiresAt: number;
}

interface SegmentRow {
  readonly endpoints: readonly MatchedEndpoint[];
  readonly expiresAt: number;
}

/** An endpoint, and whether events are matched to it. */
export interface EndpointRow {
  readonly record: EndpointRecord;
  readonly isRouted: boolean;
}

/** What the two tables of a deployment hold. */
export interface Tables {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly retentionDays: number;
  readonly deliveries: RevisedItems<Delivery>;
  readonly index: WatchdogIndex;
  readonly tasks: RevisedItems<Task>;
  /** The ids of each application's tasks that may be unfinished. */
  readonly openTasks: Map<string, readonly string[]>;
  readonly keys: RevisedItems<KeyRecord>;
  readonly progress: RevisedItems<Progress>;
  readonly sweeps: RevisedItems<Sweep>;
  readonly events: Map<string, EventRow>;
  /** By the event's id and the segment's number, with a space between them. */
  readonly segments: Map<string, SegmentRow>;
  readonly endpoints: Map<string, EndpointRow>;
  readonly watched: Map<string, WatchedEndpoint>;
  /** Until when each token's budget is paid, epoch microseconds. */
  readonly budgets: Map<string, number>;
}

export const createTables = (now: () => number, retentionDays = 30): Tables => ({
  now,
  retentionDays,
  deliveries: new RevisedItems(now),
  index: new WatchdogIndex(now),
  tasks: new RevisedItems(now),
  openTasks: new Map(),
  keys: new RevisedItems(now),
  progress: new RevisedItems(now),
  sweeps: new RevisedItems(now),
  events: new Map(),
  segments: new Map(),
  endpoints: new Map(),
  watched: new Map(),
  budgets: new Map(),
});
