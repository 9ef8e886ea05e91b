import type { TaskMessage } from '#core/message/message.ts';
import { isOver, progressed, type Task, type TaskProgress } from '#core/task/task.ts';
import { type EndDeliveriesPorts, endDeliveries } from './end-deliveries.ts';
import { type RecoverPorts, recover } from './recover.ts';
import { type RedrivePorts, redrive } from './redrive.ts';
import { type ReplayPorts, replay } from './replay.ts';

/** What the work of any task needs. */
export type WorkPorts = RedrivePorts & ReplayPorts & RecoverPorts & EndDeliveriesPorts;

export type TaskStepPorts = WorkPorts & {
  readonly tasks: {
    /** Consistent. */
    get(id: string): Promise<Task | undefined>;
    /** False when the revision before it is not the one that stands. */
    store(next: Task): Promise<boolean>;
  };
  /** Queues the message for the task's next step, invisible for `delay` milliseconds; rejects when it is refused. */
  queueStep(task: Task, delay: number): Promise<void>;
};

const pace = 1_000;

/**
 * Does one step of a task: first the work, then the task's item advances, then the message for the next step follows.
 * After a crash in between the step is repeated, and what it had started counts as skipped.
 */
export async function handleStep(
  message: TaskMessage,
  receiveCount: number,
  ports: TaskStepPorts,
): Promise<void> {
  const task = await ports.tasks.get(message.taskId);
  if (!task || isOver(task)) return;
  if (message.step !== task.step) {
    // An earlier receive of this message may have advanced the task and crashed before it queued the next step.
    // A message that is received for the first time is a duplicate.
    if (message.step === task.step - 1 && receiveCount > 1) await ports.queueStep(task, 0);
    return;
  }
  const isDry = task.dryRun === true;
  const progress = await workOn(task, isDry ? withoutEffect(ports) : ports);
  const next = progressed(task, progress, ports.now());
  if (await ports.tasks.store(next)) {
    if (!isOver(next)) await ports.queueStep(next, progress.started > 0 && !isDry ? pace : 0);
    return;
  }
  // The task was most likely cancelled meanwhile. What this step did still counts.
  const standing = await ports.tasks.get(task.id);
  if (standing && isOver(standing)) await ports.tasks.store(progressed(standing, progress, ports.now()));
}

/** Does the next part of a task's work: about a hundred deliveries. Repeating it starts no delivery twice. */
export function workOn(task: Task, ports: WorkPorts): Promise<TaskProgress> {
  const { work } = task;
  switch (work.kind) {
    case 'redrive':
      return redrive(task, work, ports);
    case 'replay':
      return replay(task, work, ports);
    case 'recover':
      return recover(task, work, ports);
    case 'delete-event':
      return endDeliveries(task, work, ports);
  }
}

/** A dry run decides what the real one would, and neither stores nor sends anything. */
const withoutEffect = (ports: WorkPorts): WorkPorts => ({
  ...ports,
  deliveries: { ...ports.deliveries, store: async () => 'stored' },
  keepEvent: async () => true,
  wake: async () => undefined,
});
