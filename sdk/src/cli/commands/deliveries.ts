import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { itemsOf } from '../../client/api.ts';
import type { Hook0Client } from '../../client/client.ts';
import type { Delivery, DeliveryQuery } from '../../client/types.ts';
import { UsageError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { listOf, timeOf } from '../shell/values.ts';
import { deadLetterColumns, deliveryColumns, deliveryText } from '../views/deliveries.ts';
import { allOption, examples, limitOf, limitOption } from './limits.ts';
import { dryRunOption, finishTask, waitOption } from './task-progress.ts';

const statuses = ['queued', 'retrying', 'held', 'succeeded', 'dead', 'cancelled'] as const;

export function addDeliveries(program: CommandUnknownOpts, shell: Shell): void {
  const time = timeOf(shell.ports.now);
  const deliveries = program
    .command('deliveries')
    .summary('list deliveries, and see why one failed')
    .description('A delivery is one event on its way to one endpoint.');

  const list = deliveries
    .command('list')
    .description('Lists the deliveries of an endpoint, newest first, or those of an event.')
    .addOption(new Option('--endpoint <id>', 'of this endpoint').conflicts('event'))
    .option('--event <id>', 'of this event')
    .addOption(new Option('--status <status>', 'only with this status').choices(statuses))
    .option('--since <time>', 'only of events from then on: a time, or how long ago, such as 2h', time)
    .option('--until <time>', 'only of events before then', time)
    .addOption(limitOption())
    .addOption(allOption())
    .action(async ({ endpoint, event, limit, all, ...query }) => {
      const options = { limit: limitOf({ limit, all }), empty: 'no deliveries' };
      if (endpoint !== undefined) {
        const items = ofEndpoint(shell.client(), endpoint, query);
        return shell.list(items, { ...options, columns: deliveryColumns('eventId') });
      }
      if (event === undefined) throw new UsageError('say whose deliveries: --endpoint ID or --event ID');
      if (query.since !== undefined || query.until !== undefined) {
        throw new UsageError(
          '--since and --until are for --endpoint: the deliveries of an event have one time',
        );
      }
      const items = ofEvent(shell.client(), event, query.status);
      return shell.list(items, { ...options, columns: deliveryColumns('endpointId') });
    });
  examples(
    list,
    'deliveries list --endpoint ep_01h… --status dead --since 1d',
    'deliveries list --event evt_01h…',
  );

  deliveries
    .command('get')
    .description('Shows a delivery with its attempts and what the receiver answered.')
    .argument('<id>', 'such as dlv_01h…_01h…')
    .action(async (id) => {
      shell.value(await shell.client().deliveries.get(id), (delivery) => deliveryText(delivery, shell));
    });

  deliveries
    .command('retry')
    .description('Starts a new attempt now.')
    .argument('<id>', 'such as dlv_01h…_01h…')
    .action(async (id) => {
      shell.value(await shell.client().deliveries.retry(id), (delivery) => deliveryText(delivery, shell));
    });
}

function ofEndpoint(client: Hook0Client, id: string, query: DeliveryQuery): AsyncIterable<Delivery> {
  return itemsOf((cursor) => client.endpoints.deliveries(id, { limit: 100, ...query, ...cursor }));
}

async function* ofEvent(
  client: Hook0Client,
  id: string,
  status: Delivery['status'] | undefined,
): AsyncIterable<Delivery> {
  const all = itemsOf(async (cursor) => {
    const { deliveries, nextCursor } = await client.events.get(id, { limit: 100, ...cursor });
    return { data: deliveries, nextCursor };
  });
  for await (const delivery of all) if (status === undefined || delivery.status === status) yield delivery;
}

export function addDeadLetters(program: CommandUnknownOpts, shell: Shell): void {
  const letters = program
    .command('dead-letters')
    .summary('list deliveries that failed for good, and send them again')
    .description(
      'A dead letter is a delivery that used up its attempts, or that the receiver refused for good.',
    );

  const list = letters
    .command('list')
    .description('Lists dead letters with the cause of each.')
    .option('--endpoint <id>', 'only of this endpoint')
    .addOption(limitOption())
    .addOption(allOption())
    .action(async ({ endpoint, limit, all }) => {
      await shell.list(shell.client().deadLetters.all({ endpointId: endpoint }), {
        columns: deadLetterColumns,
        limit: limitOf({ limit, all }),
        empty: 'no dead letters',
      });
    });
  examples(list, 'dead-letters list', 'deliveries get dlv_01h…_01h…   # the attempts of one of them');

  const redrive = letters
    .command('redrive')
    .summary('send dead letters again')
    .description('Starts dead letters again: those that are named, those of one endpoint, or all.')
    .argument('[ids...]', 'deliveries, such as dlv_01h…_01h…')
    .option('--endpoint <id>', 'those of this endpoint')
    .option('--all', 'all of them')
    .addOption(dryRunOption())
    .addOption(waitOption())
    .action(async (ids, { endpoint, all, dryRun, wait }) => {
      const chosen = [ids.length > 0, endpoint !== undefined, all === true].filter(Boolean).length;
      if (chosen !== 1) throw new UsageError('say which dead letters: their ids, --endpoint ID, or --all');
      const client = shell.client();
      const deliveryIds = ids.length > 0 ? listOf(ids.join(','), undefined) : undefined;
      const { taskId } = await client.deadLetters.redrive({ endpointId: endpoint, deliveryIds, dryRun });
      await finishTask(client, taskId, wait, shell);
    });
  examples(
    redrive,
    'dead-letters redrive dlv_01h…_01h…',
    'dead-letters redrive --endpoint ep_01h… --dry-run',
    'dead-letters redrive --all',
  );
}
