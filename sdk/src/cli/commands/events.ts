import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { itemsOf } from '../../client/api.ts';
import type { Delivery } from '../../client/types.ts';
import { eventWithText } from '../requests/event-with-text.ts';
import type { Shell } from '../shell/shell.ts';
import { listOf, timeOf } from '../shell/values.ts';
import { eventColumns, eventText, matchingColumns } from '../views/events.ts';
import { allOption, examples, limitOf, limitOption } from './limits.ts';
import { dryRunOption, finishTask, waitOption } from './task-progress.ts';

/** As many deliveries of an event as are shown at most. */
const mostDeliveries = 1_000;

export function addEvents(program: CommandUnknownOpts, shell: Shell): void {
  const time = timeOf(shell.ports.now);
  const events = program
    .command('events')
    .summary('list events, and see what became of one')
    .description('Events that were posted.');

  const list = events
    .command('list')
    .description('Lists events, newest first.')
    .option('--type <type>', 'only of this type')
    .option('--source <source>', 'only of this source')
    .option('--tag <tag>', 'only with this tag')
    .option('--since <time>', 'only from then on: a time, or how long ago, such as 2h', time)
    .option('--until <time>', 'only before then', time)
    .addOption(limitOption())
    .addOption(allOption())
    .action(async ({ limit, all, ...query }) => {
      const empty = 'no events; post one with hook0 send TYPE PAYLOAD';
      await shell.list(shell.client().events.all(query), {
        columns: eventColumns,
        limit: limitOf({ limit, all }),
        empty,
      });
    });
  examples(list, 'events list --type order.created --since 2h', 'events list --all --json | wc -l');

  const get = events
    .command('get')
    .description('Shows an event, its payload, and what became of each of its deliveries.')
    .argument('<id>', 'such as evt_01h…')
    .action(async (id) => {
      const client = shell.client();
      const { event, payloadText } = await eventWithText(shell, id, 100);
      // A line end in JSON is always outside of a text.
      const payload = payloadText.replaceAll(/[\r\n]+/g, ' ');
      const deliveries: Delivery[] = [...event.deliveries];
      let { nextCursor } = event;
      while (nextCursor !== null && deliveries.length < mostDeliveries) {
        const page = await client.events.get(id, { limit: 100, cursor: nextCursor });
        deliveries.push(...page.deliveries);
        nextCursor = page.nextCursor;
      }
      if (shell.isJson) {
        const { payload: _, ...facts } = event;
        const rest = JSON.stringify({ ...facts, deliveries, nextCursor });
        // The payload as it was posted, which JSON.stringify could not write.
        shell.ports.out(`{"payload":${payload},${rest.slice(1)}\n`);
      } else {
        shell.ports.out(eventText(event, payload, deliveries, shell));
      }
      if (event.webhookCount === 0 && !shell.isJson) shell.note(`hook0 events explain ${id} says why`);
    });
  examples(get, 'events get evt_01h…', `events get evt_01h… --json | jq '.deliveries[].status'`);

  const explain = events
    .command('explain')
    .summary('say why endpoints got an event or not')
    .description(
      'Says for each endpoint why it got the event or not, and which condition of a filter refused it.',
    )
    .argument('<id>', 'such as evt_01h…')
    .option('--endpoint <id>', 'only for this endpoint')
    .addOption(limitOption())
    .addOption(allOption())
    .action(async (id, { endpoint: endpointId, ...options }) => {
      const client = shell.client();
      const items = itemsOf((cursor) => client.events.matching(id, { limit: 100, endpointId, ...cursor }));
      await shell.list(items, {
        columns: matchingColumns,
        limit: limitOf(options),
        empty: 'there are no endpoints',
      });
    });
  examples(explain, 'events explain evt_01h…', 'events explain evt_01h… --endpoint ep_01h…');

  const replay = events
    .command('replay')
    .summary('deliver an event again')
    .description(
      'Delivers an event again: to the endpoints that have not received it yet, or to those that --endpoint names.',
    )
    .argument('<id>', 'such as evt_01h…')
    .option('--endpoint <id>', 'only to this endpoint; several times for several', listOf)
    .addOption(dryRunOption())
    .addOption(waitOption())
    .action(async (id, { endpoint, dryRun, wait }) => {
      const client = shell.client();
      const { taskId } = await client.events.replay(id, { endpointIds: endpoint, dryRun });
      await finishTask(client, taskId, wait, shell);
    });
  examples(replay, 'events replay evt_01h… --dry-run', 'events replay evt_01h… --endpoint ep_01h…');

  events
    .command('delete')
    .description('Deletes an event and cancels its open deliveries.')
    .argument('<id>', 'such as evt_01h…')
    .addOption(waitOption())
    .action(async (id, { wait }) => {
      const client = shell.client();
      const task = await client.events.delete(id);
      if (task !== undefined) await finishTask(client, task.taskId, wait, shell);
      else if (!shell.isJson) shell.note(`${id} is deleted`);
    });
}
