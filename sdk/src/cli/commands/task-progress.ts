import { Option } from '@commander-js/extra-typings';
import type { Hook0Client } from '../../client/client.ts';
import type { Task } from '../../client/types.ts';
import { InterruptedError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { progressOf, taskText } from '../views/others.ts';

export const dryRunOption = () => new Option('--dry-run', 'change nothing, and count what would start');
export const waitOption = () => new Option('--no-wait', 'return while the task still runs');

const period = 500;
const isOver = ({ status }: Task): boolean => status === 'completed' || status === 'cancelled';

/**
 * Shows the progress of a task until its end, and then its result. The exit code is 1 when it was cancelled.
 *
 * @param wait - false prints the task as it is now
 * @throws InterruptedError after Ctrl-C; the task goes on
 */
export async function finishTask(
  client: Hook0Client,
  id: string,
  wait: boolean,
  shell: Shell,
): Promise<void> {
  const { ports } = shell;
  const interrupted = wait ? ports.interrupts() : new AbortController().signal;
  const progress = new Progress(shell);
  let task = await client.tasks.get(id);
  while (wait && !isOver(task)) {
    progress.show(progressOf(task));
    await ports.sleep(period, interrupted);
    if (interrupted.aborted) {
      progress.clear();
      throw new InterruptedError(
        `stopped watching; the task goes on, and so far: ${progressOf(task)}\n` +
          `hint: hook0 tasks get ${id} shows it, and hook0 tasks cancel ${id} ends it`,
      );
    }
    task = await client.tasks.get(id);
  }
  progress.clear();
  shell.value(task, () => taskText(task, shell));
  if (!wait && !isOver(task) && !shell.isJson) shell.note(`hook0 tasks get ${id} shows how far it is`);
  if (isOver(task) && task.skipped > 0) {
    shell.note(
      'hint: those that were skipped are not dead any more, or their endpoint is disabled or deleted; ' +
        'hook0 endpoints list shows it',
    );
  }
  if (task.status === 'cancelled') shell.exitCode = 1;
}

/** One line on a terminal that overwrites itself. Where standard error is not a terminal, nothing. */
class Progress {
  readonly #shell: Shell;
  #shown = false;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  show(text: string): void {
    if (!this.#shell.ports.showsProgress || this.#shell.isJson) return;
    this.#shell.ports.err(`\r\u001b[K${text}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#shell.ports.err('\r\u001b[K');
    this.#shown = false;
  }
}
