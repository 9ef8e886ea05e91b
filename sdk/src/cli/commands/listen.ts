import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { receiverUrl } from '../requests/forward.ts';
import { isLoopback } from '../requests/loopback.ts';
import type { Shell } from '../shell/shell.ts';
import { listOf } from '../shell/values.ts';
import { examples } from './limits.ts';
import { listenByPolling } from './listen-by-polling.ts';
import { listenDirectly } from './listen-directly.ts';
import { Listener } from './listener.ts';

export function addListen(program: CommandUnknownOpts, shell: Shell): void {
  const command = program
    .command('listen')
    .summary('get webhooks on this machine while you write a receiver')
    .description(
      'Makes a temporary endpoint, shows each webhook, verifies it, forwards it to your receiver, and shows the answer.\nCtrl-C removes the endpoint. Needs a token with the scope manage.\n\nFrom the local run, requests come directly, and your answer counts. A deployment cannot reach this machine, so there\nthe endpoint is paused, and what is held for it is fetched once a second, signed, and forwarded. Your answer is only\nshown then.',
    )
    .option('--forward <url>', 'your receiver, such as http://localhost:4000/webhooks or 4000')
    .option('--events <patterns>', "which events (default: '*')", listOf)
    .option('--poll', 'fetch what is held, also from the local run')
    .action(async ({ forward, events = ['*'], poll }) => {
      const to = forward === undefined ? undefined : receiverUrl(forward);
      const listener = new Listener({ to, events }, shell);
      const isDirect = poll !== true && isLoopback(shell.connection.url);
      await (isDirect ? listenDirectly(listener, shell) : listenByPolling(listener, shell));
    });
  examples(
    command,
    'listen --forward http://localhost:4000/webhooks',
    `listen --forward 4000/webhooks --events 'order.*'`,
    'listen --json',
  );
}
