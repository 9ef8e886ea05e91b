import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Shell } from '../shell/shell.ts';
import { taskColumns, taskText } from '../views/others.ts';
import { allOption, limitOf, limitOption } from './limits.ts';
import { finishTask } from './task-progress.ts';

export function addTasks(program: CommandUnknownOpts, shell: Shell): void {
  const tasks = program
    .command('tasks')
    .summary('see how far redrives, replays and recoveries are')
    .description('Redrives, replays and recoveries run as tasks.');

  tasks
    .command('list')
    .description('Lists tasks, newest first.')
    .addOption(limitOption())
    .addOption(allOption())
    .action(async (options) => {
      await shell.list(shell.client().tasks.all(), {
        columns: taskColumns,
        limit: limitOf(options),
        empty: 'no tasks',
      });
    });

  tasks
    .command('get')
    .description('Shows how far a task is.')
    .argument('<id>', 'such as tsk_01h…')
    .option('--wait', 'wait for its end')
    .action(async (id, { wait }) => {
      const client = shell.client();
      if (wait === true) await finishTask(client, id, true, shell);
      else shell.value(await client.tasks.get(id), (task) => taskText(task, shell));
    });

  tasks
    .command('cancel')
    .description('Ends a task after its current step. What it has started goes on.')
    .argument('<id>', 'such as tsk_01h…')
    .action(async (id) => {
      shell.value(await shell.client().tasks.cancel(id), (task) => taskText(task, shell));
    });
}
