/** What a task is to do. */
export type TaskWork =
  /** Starts dead deliveries again: those named, those of one endpoint, or all of the application. */
  | { readonly kind: 'redrive'; readonly endpointId?: string; readonly deliveryIds?: readonly string[] }
  /** Sends an event again: to the endpoints named, or to those that have not had it. */
  | { readonly kind: 'replay'; readonly eventId: string; readonly endpointIds?: readonly string[] }
  /** Starts what an endpoint did not get of the events of a time. `until` is exclusive; epoch milliseconds. */
  | { readonly kind: 'recover'; readonly endpointId: string; readonly since: number; readonly until: number }
  /** Ends the unsettled deliveries of an event that was deleted. */
  | { readonly kind: 'delete-event'; readonly eventId: string };

export type TaskStatus = 'queued' | 'running' | 'completed' | 'cancelled';

/** Where a task goes on: a part of its work (a shard, or an index into a list) and a position inside it. */
export interface TaskCursor {
  readonly part: number;
  readonly after?: string;
}

/** Work that takes longer than an answer may wait for. Times are epoch milliseconds. */
export interface Task {
  readonly id: string;
  readonly applicationId: string;
  readonly work: TaskWork;
  /** It only counts what it would start. Absent means that it starts it. */
  readonly dryRun?: boolean;
  /** How many deliveries it is to look at, where that is known from the start. */
  readonly total?: number;
  readonly status: TaskStatus;
  readonly cursor: TaskCursor;
  /** Grows with each step of the work; the message that asks for a step names it. */
  readonly step: number;
  /** Deliveries for which it started a new generation or, after their event was deleted, that it cancelled. */
  readonly started: number;
  /** Deliveries that it left as they were: no longer in question, or their endpoint is disabled or deleted. */
  readonly skipped: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Grows by one with each stored change and guards it. */
  readonly revision: number;
}

/** What one step did. Without a cursor nothing is left to do. */
export interface TaskProgress {
  readonly started: number;
  readonly skipped: number;
  readonly cursor?: TaskCursor;
}

export function newTask(
  id: string,
  applicationId: string,
  work: TaskWork,
  now: number,
  options: Pick<Task, 'dryRun' | 'total'> = {},
): Task {
  return {
    ...{ id, applicationId, work, ...options, status: 'queued', cursor: { part: 0 }, step: 0 },
    ...{ started: 0, skipped: 0, createdAt: now, updatedAt: now, revision: 1 },
  };
}

export const isOver = ({ status }: Task): boolean => status === 'completed' || status === 'cancelled';

/** A cancelled task stays so: what a step under way did is counted, and it was the last. */
export function progressed(task: Task, progress: TaskProgress, now: number): Task {
  const { cursor } = progress;
  const counted = {
    ...task,
    started: task.started + progress.started,
    skipped: task.skipped + progress.skipped,
    updatedAt: now,
    revision: task.revision + 1,
  };
  if (isOver(task)) return counted;
  if (cursor === undefined) return { ...counted, status: 'completed', step: task.step + 1 };
  return { ...counted, status: 'running', cursor, step: task.step + 1 };
}

export function cancelled(task: Task, now: number): Task {
  return { ...task, status: 'cancelled', updatedAt: now, revision: task.revision + 1 };
}
