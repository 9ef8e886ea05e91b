import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { Shell } from '../shell/shell.ts';
import { durationOf, listOf, parsedJson, textOf } from '../shell/values.ts';
import { acceptedText } from '../views/events.ts';
import { examples } from './limits.ts';

export function addSend(program: CommandUnknownOpts, shell: Shell): void {
  const send = program
    .command('send')
    .summary('post an event')
    .description(
      'Posts an event. The receivers get the payload byte for byte as it is given here.\nNeeds a token with the scope ingest.',
    )
    .argument('<type>', 'event type, such as order.created')
    .argument('<payload>', 'JSON; @FILE reads a file, and - reads standard input')
    .option('--source <text>', 'where it happened, such as shop')
    .option('--tag <tag>', 'a tag; several times for several tags', listOf)
    .addOption(new Option('--priority <priority>').choices(['high', 'normal', 'low']))
    .option('--delay <duration>', 'deliver it later, such as 10m', durationOf)
    .option('--idempotency-key <key>', 'a second post with this key creates no second event')
    .action(async (type, payload, { source, tag, priority, delay, idempotencyKey }) => {
      const payloadJson = (await textOf(payload, 'the payload', shell.ports)).trim();
      parsedJson(payloadJson, 'the payload');
      const event = { type, payloadJson, source, options: { priority, delay, tags: tag } };
      const accepted = await shell.client().sendEvent(event, { idempotencyKey });
      shell.value(accepted, acceptedText);
      if (!shell.isJson) shell.note(`see what becomes of it: hook0 events get ${accepted.eventId}`);
    });
  examples(
    send,
    `send order.created '{"id":"ORD-1","amount":299.99}'`,
    'send order.created @order.json --tag urgent --priority high',
    'send order.created - < order.json',
  );
}
