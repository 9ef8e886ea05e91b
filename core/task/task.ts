/** The work of a task. */
export type TaskWork =
  /** Restarts dead deliveries: the named ones, those of one endpoint, or all of the application. */
  | { readonly kind: 'redrive'; readonly endpointId?: string; readonly deliveryIds?: readonly string[] }
  /** Sends an event again: to the named endpoints, or to those that did not receive it. */
  | { readonly kind: 'replay'; readonly eventId: string; readonly endpointIds?: readonly string[] }
  /** Restarts the unsuccessful deliveries of an endpoint in a time range. `until` is exclusive; epoch milliseconds. */
  | { readonly kind: 'recover'; readonly endpointId: string; readonly since: number; readonly until: number }
  /** Ends the unsettled deliveries of a deleted event. */
  | { readonly kind: 'delete-event'; readonly eventId: string };

type TaskStatus = 'queued' | 'running' | 'completed' | 'cancelled';

/** Where a task continues: a part of its work (a shard, or an index into a list) and a position in that part. */
interface TaskCursor {
  readonly part: number;
  readonly after?: string;
}

/** Work that takes longer than a request. Times are epoch milliseconds. */
export interface Task {
  readonly id: string;
  readonly applicationId: string;
  readonly work: TaskWork;
  /** Whether it only counts what it would restart. @default false */
  readonly dryRun?: boolean;
  /** How many webhooks led to the request for it. @default 0 */
  readonly hops?: number;
  /** How many deliveries it will check; absent if that is not known from the start. */
  readonly total?: number;
  readonly status: TaskStatus;
  readonly cursor: TaskCursor;
  /** Grows with each step. The message that asks for a step names it. */
  readonly step: number;
  /** Deliveries that it restarted or, of a deleted event, cancelled. */
  readonly started: number;
  /** Deliveries that it left unchanged, because they had moved on or their endpoint is disabled or deleted. */
  readonly skipped: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Grows by one with each stored change, which is conditional on it. */
  readonly revision: number;
}

/** The result of one step. Without a cursor the task is completed. */
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
  options: Pick<Task, 'dryRun' | 'total' | 'hops'> = {},
): Task {
  return {
    id,
    applicationId,
    work,
    ...options,
    status: 'queued',
    cursor: { part: 0 },
    step: 0,
    started: 0,
    skipped: 0,
    createdAt: now,
    updatedAt: now,
    revision: 1,
  };
}

export const isOver = ({ status }: Task): boolean => status === 'completed' || status === 'cancelled';

/** Counts the result of a step. A task that was cancelled during the step stays cancelled. */
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
