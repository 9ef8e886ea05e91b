import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { Endpoint, NewEndpoint } from '../../client/types.ts';
import { UsageError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { countOf, durationOf, listOf, objectOf, repeated } from '../shell/values.ts';
import { endpointColumns, endpointText } from '../views/endpoints.ts';
import { confirmed, yesOption } from './confirm.ts';
import { addEndpointActions } from './endpoint-actions.ts';
import { addEndpointChecks } from './endpoint-checks.ts';
import { examples } from './limits.ts';

const endpointId = ['<id>', 'such as ep_01h…'] as const;

export function addEndpoints(program: CommandUnknownOpts, shell: Shell): void {
  const endpoints = program
    .command('endpoints')
    .summary('where events are delivered: create, change, pause, test')
    .description('An endpoint is a URL and the events that it gets.');

  endpoints
    .command('list')
    .description('Lists endpoints, and what happens to their deliveries now.')
    .action(async () => {
      await shell.list(shell.client().endpoints.all(), {
        columns: endpointColumns(shell.ports.now()),
        empty: 'no endpoints; create one with hook0 endpoints create URL --events order.*',
      });
    });

  endpoints
    .command('get')
    .description('Shows an endpoint with its settings.')
    .argument(...endpointId)
    .action(async (id) => show(await shell.client().endpoints.get(id), shell));

  const create = withSettings(endpoints, 'create', '<url>', 'where its events are posted to')
    .description('Creates an endpoint. It gets the events that are posted from now on.')
    .action(async (url, options) => {
      const fields = { name: hostOf(url), ...(await given(options, shell)), url };
      if (!('events' in fields)) {
        throw new UsageError("--events is missing: which events it gets, such as 'order.*' or '*'");
      }
      // The fields of --data are what a person wrote. The API checks them and names what is wrong.
      const created = await shell.client().endpoints.create(fields as unknown as NewEndpoint);
      show(created, shell);
      if (!shell.isJson) shell.note(`its receiver needs the secret: hook0 endpoints secret ${created.id}`);
    });
  examples(
    create,
    `endpoints create https://your-app.example/webhooks --events 'order.*'`,
    `endpoints create https://your-app.example/webhooks --events order.created,order.paid --rate-limit 50`,
    `endpoints create https://your-app.example/webhooks --events '*' --filter @filter.json`,
  );

  const update = withSettings(endpoints, 'update', ...endpointId)
    .description('Changes the given settings only. With --data, null sets a field to its default.')
    .option('--url <url>', 'where its events are posted to')
    .action(async (id, { url, ...options }) => {
      const patch = { ...(await given(options, shell)), ...(url === undefined ? {} : { url }) };
      if (Object.keys(patch).length === 0) {
        throw new UsageError('say what to change: hook0 endpoints update --help shows the settings');
      }
      show(await shell.client().endpoints.update(id, patch), shell);
    });
  examples(
    update,
    'endpoints update ep_01h… --url https://your-app.example/hooks',
    `endpoints update ep_01h… --data '{"filters":null}'`,
  );

  endpoints
    .command('delete')
    .description('Deletes an endpoint and cancels its open deliveries.')
    .argument(...endpointId)
    .addOption(yesOption())
    .action(async (id, { yes }) => {
      const client = shell.client();
      const { name, url } = await client.endpoints.get(id);
      await confirmed(
        `Delete ${id}, ${JSON.stringify(name)} at ${url}, and cancel its open deliveries?`,
        yes,
        shell,
      );
      await client.endpoints.delete(id);
      if (!shell.isJson) shell.note(`${id} is deleted`);
    });

  addEndpointActions(endpoints, shell);
  addEndpointChecks(endpoints, shell);
}

/** A command with the settings of an endpoint as options. */
const withSettings = (
  parent: CommandUnknownOpts,
  name: string,
  argument: '<url>' | '<id>',
  meaning: string,
) =>
  parent
    .command(name)
    .argument(argument, meaning)
    .option('--events <patterns>', "event types, such as order.created, 'order.*' or '*'", listOf)
    .option('--name <text>', 'for people')
    .option(
      '--header <header>',
      `sent with each request, as 'Name: value'; several times for several`,
      repeated,
    )
    .option('--filter <json>', 'which of its events it gets, as JSON, @FILE or -')
    .option('--timeout <duration>', 'how long a request may take, such as 10s', durationOf)
    .option('--rate-limit <number>', 'at most so many requests a second', countOf)
    .addOption(new Option('--priority <priority>').choices(['high', 'normal', 'low']))
    .option('--data <json>', 'any fields of the API as a JSON object, @FILE or -; the options count more');

interface Settings {
  readonly events?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly filter?: string | undefined;
  readonly timeout?: number | undefined;
  readonly rateLimit?: number | undefined;
  readonly priority?: string | undefined;
  readonly data?: string | undefined;
}

/** The fields of the API that the options name, and no others. */
async function given(options: Settings, shell: Shell): Promise<Readonly<Record<string, unknown>>> {
  const { data, header, filter, rateLimit, ...rest } = options;
  const fields = {
    ...rest,
    headers: header === undefined ? undefined : Object.fromEntries(header.map(headerOf)),
    filters: filter === undefined ? undefined : await objectOf(filter, '--filter', shell.ports),
    rateLimit: rateLimit === undefined ? undefined : { perSecond: rateLimit },
  };
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return {
    ...(data === undefined ? {} : await objectOf(data, '--data', shell.ports)),
    ...Object.fromEntries(set),
  };
}

function headerOf(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError(`--header: received ${JSON.stringify(text)}; expected 'Name: value'`);
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

function show(endpoint: Endpoint, shell: Shell): void {
  shell.value(endpoint, () => endpointText(endpoint, shell));
}
