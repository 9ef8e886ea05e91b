import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Shell } from '../shell/shell.ts';
import { timeOf } from '../shell/values.ts';
import { statsText } from '../views/endpoints.ts';
import { examples } from './limits.ts';

export function addStats(program: CommandUnknownOpts, shell: Shell): void {
  const time = timeOf(shell.ports.now);
  const stats = program
    .command('stats')
    .summary('how many attempts succeed, and which endpoints fail most')
    .description('Shows the statistics of the application, and the endpoints with the most failures.')
    .option('--since <time>', 'from then on: a time, or how long ago, such as 7d', time)
    .option('--until <time>', 'before then', time)
    .action(async (query) => {
      shell.value(await shell.client().stats(query), ({ events, topFailingEndpoints, ...rest }) => {
        const table = shell.table<(typeof topFailingEndpoints)[number]>([
          { heading: 'ENDPOINT', cell: ({ endpointId }) => endpointId },
          { heading: 'FAILED ATTEMPTS', cell: ({ failures }) => failures },
        ]);
        const failing = table.lines(topFailingEndpoints);
        return `${statsText(rest, shell, [['Events', events]])}${failing === '' ? '' : `\n${failing}`}`;
      });
    });
  examples(stats, 'stats --since 7d', 'stats --json | jq .totals.successRate');
}
