import type { Schedule } from './schedule-expression.ts';

export interface ScheduledTask {
  /** Logical id of the rule or schedule. */
  readonly logicalId: string;
  readonly schedule: Schedule;
  readonly run: () => Promise<void>;
}

export interface Schedules {
  /** Runs tasks now and waits for them. @param prefix of their logical ids. @default - all tasks */
  fire(prefix?: string): Promise<void>;
  stop(): void;
}

/** Node's longest timer. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Runs each task at its times, first one period after the start. As on AWS, a run does not wait for the run before it.
 *
 * @param tickMs replaces the period of every schedule. @default - as declared
 */
export function startSchedules(
  tasks: readonly ScheduledTask[],
  onError: (message: string) => void,
  tickMs?: number,
): Schedules {
  const timers = new Map<ScheduledTask, NodeJS.Timeout>();

  const run = (task: ScheduledTask): Promise<void> =>
    task.run().catch((error: unknown) => onError(`${task.logicalId} failed: ${String(error)}`));

  const wait = (task: ScheduledTask, at: number): void => {
    const delay = at - Date.now();
    const isFar = delay > longestTimerMs;
    const timer = setTimeout(
      () => {
        if (isFar) return wait(task, at);
        void run(task);
        wait(task, next(task, at));
      },
      Math.max(0, Math.min(delay, longestTimerMs)),
    );
    timers.set(task, timer.unref());
  };
  // After the machine slept, the missed runs are skipped.
  const next = (task: ScheduledTask, after: number): number => {
    const at = tickMs === undefined ? task.schedule(after) : after + tickMs;
    return at > Date.now() ? at : next(task, Date.now());
  };

  for (const task of tasks) wait(task, next(task, Date.now()));
  return {
    fire: async (prefix = '') => {
      await Promise.all(tasks.filter((task) => task.logicalId.startsWith(prefix)).map(run));
    },
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
