import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Hook0Client } from '../../client/client.ts';
import type { Endpoint } from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import { durationOf, timeOf } from '../shell/values.ts';
import { endpointStatus } from '../views/endpoints.ts';
import { plural, second } from '../views/time.ts';
import { examples } from './limits.ts';
import { dryRunOption, finishTask, waitOption } from './task-progress.ts';

type Action = 'pause' | 'resume' | 'enable' | 'disable';

const actions: Readonly<Record<Action, string>> = {
  pause: 'Holds its deliveries until it is resumed.',
  resume: 'Releases what was held, oldest first.',
  enable: 'Makes a disabled endpoint active. It gets the events that are posted from now on.',
  disable: 'Cancels its open deliveries. It gets no further events.',
};

/** Commands that change what happens to an endpoint's deliveries. */
export function addEndpointActions(endpoints: CommandUnknownOpts, shell: Shell): void {
  for (const action of ['pause', 'resume', 'enable', 'disable'] as const) {
    endpoints
      .command(action)
      .description(actions[action])
      .argument('<id>', 'such as ep_01h…')
      .action(async (id) =>
        shell.value(await change(shell.client(), action, id), (one) => changeText(one, shell)),
      );
  }

  endpoints
    .command('secret')
    .description('Prints the secret that signs its webhooks.')
    .argument('<id>', 'such as ep_01h…')
    .action(async (id) => {
      const secret = await shell.client().endpoints.secret(id);
      shell.value(secret, () => `${secret.secret}\n`);
      if (!shell.isJson && secret.previous.length > 0) {
        shell.note(`${plural(secret.previous.length, 'earlier secret')} also signs until the overlap ends`);
      }
    });

  const rotate = endpoints
    .command('rotate-secret')
    .summary('replace its secret')
    .description(
      'Replaces its secret and prints the new one. The earlier one also signs until the overlap ends.',
    )
    .argument('<id>', 'such as ep_01h…')
    .option('--overlap <duration>', 'how long both sign, such as 1d or 0s (default: 1d)', durationOf)
    .action(async (id, { overlap }) => {
      const client = shell.client();
      await client.endpoints.rotateSecret(id, { overlap });
      const secret = await client.endpoints.secret(id);
      shell.value(secret, () => `${secret.secret}\n`);
      const end = secret.previous[0]?.expiresAt;
      if (!shell.isJson && typeof end === 'string')
        shell.note(`the earlier secret also signs until ${second(end)}`);
    });
  examples(rotate, 'endpoints rotate-secret ep_01h…', 'endpoints rotate-secret ep_01h… --overlap 0s');

  const time = timeOf(shell.ports.now);
  const recover = endpoints
    .command('recover')
    .summary('send again what it missed')
    .description('Starts its dead and cancelled deliveries again, for the events of a time.')
    .argument('<id>', 'such as ep_01h…')
    .requiredOption('--since <time>', 'from then on: a time, or how long ago, such as 6h', time)
    .option('--until <time>', 'before then (default: now)', time)
    .addOption(dryRunOption())
    .addOption(waitOption())
    .action(async (id, { since, until, dryRun, wait }) => {
      const client = shell.client();
      const { taskId } = await client.endpoints.recover(id, { since, until, dryRun });
      await finishTask(client, taskId, wait, shell);
    });
  examples(recover, 'endpoints recover ep_01h… --since 6h --dry-run', 'endpoints recover ep_01h… --since 6h');
}

function change({ endpoints }: Hook0Client, action: Action, id: string): Promise<Endpoint> {
  switch (action) {
    case 'pause':
      return endpoints.pause(id);
    case 'resume':
      return endpoints.resume(id);
    case 'enable':
      return endpoints.enable(id);
    case 'disable':
      return endpoints.disable(id);
  }
}

const changeText = (endpoint: Endpoint, shell: Shell): string =>
  `${endpoint.id} is ${shell.styled(endpointStatus(endpoint, shell.ports.now()))}\n`;
