import { parseArgs } from 'node:util';
import { Hook0Error } from '../errors.ts';
import { type System, systems } from '../import/plan.ts';

export const usage = `hook0: post events, look at endpoints, and move here from somewhere else.

  hook0 send TYPE --payload JSON [--source S] [--tag T]... [--idempotency-key K]
                            posts an event; --payload - reads standard input
  hook0 endpoints           lists endpoints
  hook0 endpoints test ID   sends one a real, signed request now, and tells what came of it
  hook0 dead-letters [--endpoint ID]
                            lists deliveries that were given up
  hook0 import --from ${systems.join('|')} --file FILE [--dry-run]
                            creates the endpoints of an export; run again, it creates none twice
                            --dry-run only says what would become of it, and with a token what
                            the API would refuse
                            docs/migrating.md says how to make the file; - reads standard input

  --url URL                 where the API is (default: HOOK0_URL)
  --token TOKEN             an ingest token to send, a manage token to import (default: HOOK0_TOKEN)
  --application ID          the application to act in, for tokens that are for all
  --json                    one JSON document a line instead of text
  --help, --version         show this text, the version
`;

/** The command line was not understood. */
export class UsageError extends Hook0Error {
  override readonly name = 'UsageError';
}

interface Common {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly application: string | undefined;
  readonly json: boolean;
}

export type Command = Common &
  (
    | { readonly name: 'help' | 'version' | 'endpoints' }
    | { readonly name: 'endpoints test'; readonly endpointId: string }
    | {
        readonly name: 'send';
        readonly type: string;
        readonly payload: string;
        readonly source: string | undefined;
        readonly tags: readonly string[];
        readonly idempotencyKey: string | undefined;
      }
    | { readonly name: 'dead-letters'; readonly endpointId: string | undefined }
    | { readonly name: 'import'; readonly from: System; readonly file: string; readonly dryRun: boolean }
  );

type CommandName = 'send' | 'endpoints' | 'dead-letters' | 'import';

const flags = {
  url: { type: 'string' },
  token: { type: 'string' },
  application: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
  payload: { type: 'string' },
  source: { type: 'string' },
  tag: { type: 'string', multiple: true },
  'idempotency-key': { type: 'string' },
  endpoint: { type: 'string' },
  from: { type: 'string' },
  file: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
} as const;

/** What each command takes beside what all take. */
const own: Readonly<Record<CommandName, readonly string[]>> = {
  send: ['payload', 'source', 'tag', 'idempotency-key'],
  endpoints: [],
  'dead-letters': ['endpoint'],
  import: ['from', 'file', 'dry-run'],
};
const ofAll: readonly string[] = ['url', 'token', 'application', 'json', 'help', 'version'];
const commands = Object.keys(own).join(', ');

/** @throws UsageError that says what is wrong and what would be right */
export function parseCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  const { values, positionals, tokens } = parse(args);
  const common = {
    url: values.url ?? env.HOOK0_URL,
    token: values.token ?? env.HOOK0_TOKEN,
    application: values.application,
    json: values.json,
  };
  if (values.help) return { ...common, name: 'help' };
  if (values.version) return { ...common, name: 'version' };
  const [name, ...operands] = positionals;
  if (name === undefined) throw new UsageError(`no command was given; there are ${commands}`);
  if (!isCommand(name))
    throw new UsageError(`unknown command ${JSON.stringify(name)}; there are ${commands}`);
  const foreign = tokens.find((one) => one.kind === 'option' && ![...ofAll, ...own[name]].includes(one.name));
  if (foreign?.kind === 'option') {
    const options = own[name].map((option) => `--${option}`).join(', ') || 'none of its own';
    throw new UsageError(`--${foreign.name} is no option of ${name}, which has ${options}`);
  }
  const most = { send: 1, endpoints: 2, 'dead-letters': 0, import: 0 }[name];
  if (operands.length > most)
    throw new UsageError(`unexpected argument ${JSON.stringify(operands[most])} after ${name}`);
  switch (name) {
    case 'send':
      return {
        ...common,
        name,
        type: required(operands[0], 'send needs the event’s type, such as order.created'),
        payload: required(
          values.payload,
          'send needs --payload, such as \'{"id":1}\', or - for standard input',
        ),
        source: values.source,
        tags: values.tag ?? [],
        idempotencyKey: values['idempotency-key'],
      };
    case 'endpoints': {
      const [action, id] = operands;
      if (action === undefined) return { ...common, name };
      if (action !== 'test')
        throw new UsageError(
          `endpoints ${JSON.stringify(action)} is unknown; there are endpoints, endpoints test ID`,
        );
      const endpointId = required(id, 'endpoints test needs the endpoint’s id, such as ep_01h…');
      return { ...common, name: 'endpoints test', endpointId };
    }
    case 'dead-letters':
      return { ...common, name, endpointId: values.endpoint };
    case 'import':
      return {
        ...common,
        name,
        from: systemOf(values.from),
        file: required(values.file, 'import needs --file, the export to read, or - for standard input'),
        dryRun: values['dry-run'],
      };
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true, tokens: true });
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(message, { cause: error });
  }
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(own, name);

function required(value: string | undefined, message: string): string {
  if (value === undefined || value === '') throw new UsageError(message);
  return value;
}

function systemOf(given: string | undefined): System {
  const system = systems.find((one) => one === given);
  if (system !== undefined) return system;
  const received = given === undefined ? 'nothing' : JSON.stringify(given);
  throw new UsageError(`--from: received ${received}; expected ${systems.join(', ')}`);
}
