import type { TaskMessage } from '#core/message/message.ts';
import { isOver, progressed } from '#core/task/task.ts';
import { workOn } from './pages.ts';
import type { RedrivePorts } from './ports.ts';

const pace = 1_000;

/**
 * Does one step of a task. The work is done first, then the task's item moves on, then the message for the next
 * step follows: a crash in between repeats a step, and what was started already counts as skipped then.
 */
export async function handleStep(
  message: TaskMessage,
  receiveCount: number,
  ports: RedrivePorts,
): Promise<void> {
  const task = await ports.tasks.get(message.taskId);
  if (!task || isOver(task)) return;
  if (message.step !== task.step) {
    // This very message may have moved the task on and crashed before it could ask for the next step. One that was
    // never received before is a repetition of what somebody else sees through.
    if (message.step === task.step - 1 && receiveCount > 1) await ports.queueStep(task, 0);
    return;
  }
  const progress = await workOn(task, task.dryRun === true ? withoutEffect(ports) : ports);
  const next = progressed(task, progress, ports.now());
  if (!(await ports.tasks.store(next))) {
    // Cancelled meanwhile, most likely: what was done counts all the same.
    const standing = await ports.tasks.get(task.id);
    if (standing && isOver(standing)) await ports.tasks.store(progressed(standing, progress, ports.now()));
    return;
  }
  if (!isOver(next)) await ports.queueStep(next, progress.started > 0 && task.dryRun !== true ? pace : 0);
}

/** A dry run decides all that the real one would, and neither stores nor sends it. */
const withoutEffect = (ports: RedrivePorts): RedrivePorts => ({
  ...ports,
  deliveries: { ...ports.deliveries, store: async () => 'stored' },
  wake: async () => undefined,
});
