import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { EventTypePatch, NewEventType } from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import { jsonOf } from '../shell/values.ts';
import { eventTypeColumns, eventTypeText } from '../views/others.ts';
import { confirmed, yesOption } from './confirm.ts';
import { examples } from './limits.ts';

export function addEventTypes(program: CommandUnknownOpts, shell: Shell): void {
  const types = program
    .command('event-types')
    .summary('describe event types, and check payloads by a schema')
    .description(
      'Registering event types is optional. A registered type can have a JSON Schema for its payloads.',
    );

  types
    .command('list')
    .description('Lists event types.')
    .action(async () => {
      const empty = 'no event types; register one with hook0 event-types create NAME';
      await shell.list(shell.client().eventTypes.all(), { columns: eventTypeColumns, empty });
    });

  types
    .command('get')
    .description('Shows an event type with its schema.')
    .argument('<name>', 'such as order.created')
    .action(async (name) => {
      shell.value(await shell.client().eventTypes.get(name), (type) => eventTypeText(type, shell));
    });

  const create = withSettings(types, 'create')
    .description('Registers an event type.')
    .action(async (name, options) => {
      // The schema is what a person wrote. The API checks it.
      const type = { name, ...(await given(options, shell)) } as NewEventType;
      shell.value(await shell.client().eventTypes.create(type), (one) => eventTypeText(one, shell));
    });
  examples(
    create,
    'event-types create order.created --description "A customer placed an order" --schema @order.json',
  );

  withSettings(types, 'update')
    .description('Changes the given settings only. With --schema null, every payload is accepted.')
    .option('--archive', 'refuse events of this type')
    .option('--no-archive', 'accept events of this type again')
    .action(async (name, { archive, ...options }) => {
      const patch = { ...(await given(options, shell)), archived: archive } as EventTypePatch;
      shell.value(await shell.client().eventTypes.update(name, patch), (type) => eventTypeText(type, shell));
    });

  types
    .command('delete')
    .description('Deletes an event type and its schema. Events of this type are accepted as before.')
    .argument('<name>', 'such as order.created')
    .addOption(yesOption())
    .action(async (name, { yes }) => {
      const client = shell.client();
      await confirmed(`Delete the event type ${name} and its schema?`, yes, shell);
      await client.eventTypes.delete(name);
      if (!shell.isJson) shell.note(`${name} is deleted`);
    });
}

const withSettings = (types: CommandUnknownOpts, name: string) =>
  types
    .command(name)
    .argument('<name>', 'such as order.created')
    .option('--description <text>', 'what it means, for the people who receive it')
    .option('--schema <json>', 'JSON Schema of its payloads, @FILE or -')
    .option('--example <json>', 'an example payload, @FILE or -');

async function given(
  options: {
    readonly description?: string | undefined;
    readonly schema?: string | undefined;
    readonly example?: string | undefined;
  },
  { ports }: Shell,
) {
  const { description, schema, example } = options;
  return {
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { schema: await jsonOf(schema, '--schema', ports) }),
    ...(example === undefined ? {} : { example: await jsonOf(example, '--example', ports) }),
  };
}
