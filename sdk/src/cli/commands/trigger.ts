import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { ApiError } from '../../client/errors.ts';
import type { EventType } from '../../client/types.ts';
import { Hook0Error } from '../../errors.ts';
import { nearest } from '../../options.ts';
import { sampleOf } from '../requests/sample.ts';
import type { Shell } from '../shell/shell.ts';
import { listOf } from '../shell/values.ts';
import { acceptedText } from '../views/events.ts';
import { examples } from './limits.ts';

export function addTrigger(program: CommandUnknownOpts, shell: Shell): void {
  const trigger = program
    .command('trigger')
    .summary('post an example event of a registered type')
    .description(
      'Posts an example event of a registered type: its example, or a payload that is made from its schema.\nNeeds a token with the scopes ingest and read.',
    )
    .argument('<type>', 'event type, such as order.created')
    .option('--tag <tag>', 'a tag; several times for several tags', listOf)
    .option('--source <text>', 'where it happened')
    .option('--dry-run', 'print the payload, and post nothing')
    .action(async (name, { tag, source, dryRun }) => {
      const client = shell.client();
      const payload = payloadOf(await registered(name, shell), new Date(shell.ports.now()));
      if (dryRun === true) {
        shell.ports.out(`${JSON.stringify(payload)}\n`);
        return;
      }
      if (!shell.isJson) shell.note(`payload: ${JSON.stringify(payload)}`);
      try {
        shell.value(
          await client.sendEvent({ type: name, payload, source, options: { tags: tag } }),
          acceptedText,
        );
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'payload_schema') throw error;
        throw new Hook0Error(
          `${error.message}\nhint: give the type an example: hook0 event-types update ${name} --example @example.json`,
          { cause: error },
        );
      }
    });
  examples(trigger, 'trigger order.created', 'trigger order.created --dry-run > payload.json');
}

const payloadOf = ({ example, schema }: EventType, now: Date): unknown =>
  example === null || example === undefined ? sampleOf(schema, now) : example;

/** @throws Hook0Error that says which type was probably meant */
async function registered(name: string, shell: Shell): Promise<EventType> {
  const { eventTypes } = shell.client();
  try {
    return await eventTypes.get(name);
  } catch (error) {
    if (!(error instanceof ApiError) || error.httpStatus !== 404) throw error;
    const names: string[] = [];
    for await (const type of eventTypes.all()) names.push(type.name);
    const meant = nearest(name, names);
    const hint =
      meant === undefined
        ? `register it with hook0 event-types create ${name}, or post any payload with hook0 send`
        : `did you mean ${meant}?`;
    throw new Hook0Error(`the event type ${name} is not registered; ${hint}`, { cause: error });
  }
}
