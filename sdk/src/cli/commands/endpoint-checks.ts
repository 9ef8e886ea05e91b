import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Shell } from '../shell/shell.ts';
import { jsonOf, timeOf } from '../shell/values.ts';
import { circuitText, statsText, testText } from '../views/endpoints.ts';
import { examples } from './limits.ts';

/** Commands that say how an endpoint does. */
export function addEndpointChecks(endpoints: CommandUnknownOpts, shell: Shell): void {
  const test = endpoints
    .command('test')
    .summary('send a real, signed request now')
    .description('Sends a real, signed request now and shows the answer. The exit code is 1 when it failed.')
    .argument('<id>', 'such as ep_01h…')
    .option('--type <type>', 'event type of the request')
    .option('--payload <json>', 'JSON, @FILE or -')
    .action(async (id, { type, payload }) => {
      const body = payload === undefined ? {} : { payload: await jsonOf(payload, '--payload', shell.ports) };
      const result = await shell.client().endpoints.test(id, { type, ...body });
      shell.value(result, () => testText(result, shell));
      if (!result.success) shell.exitCode = 1;
    });
  examples(
    test,
    'endpoints test ep_01h…',
    `endpoints test ep_01h… --type order.created --payload '{"id":1}'`,
  );

  const time = timeOf(shell.ports.now);
  endpoints
    .command('stats')
    .description('Shows how many attempts succeeded, and how long they took.')
    .argument('<id>', 'such as ep_01h…')
    .option('--since <time>', 'from then on: a time, or how long ago, such as 7d', time)
    .option('--until <time>', 'before then', time)
    .action(async (id, query) => {
      shell.value(await shell.client().endpoints.stats(id, query), (stats) => statsText(stats, shell));
    });

  endpoints
    .command('circuit')
    .summary('show its circuit, or close it')
    .description('Shows whether its circuit is open. Deliveries to an open circuit are held.')
    .argument('<id>', 'such as ep_01h…')
    .option('--reset', 'close it and release what is held')
    .action(async (id, { reset }) => {
      const { endpoints: api } = shell.client();
      const circuit = await (reset === true ? api.resetCircuit(id) : api.circuit(id));
      shell.value(circuit, () => circuitText(circuit, shell));
    });
}
