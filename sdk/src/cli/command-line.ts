import { parseArgs } from 'node:util';
import { Hook0Error } from '../errors.ts';
import { type System, systems } from '../import/plan.ts';

export const usage = `hook0: post events, list and test endpoints, list dead letters, import endpoints.

  hook0 send TYPE --payload JSON [--source S] [--tag T]... [--idempotency-key K]
                            posts an event; --payload - reads standard input
  hook0 endpoints           lists the endpoints
  hook0 endpoints test ID   sends a real, signed request to an endpoint and prints the result
  hook0 dead-letters [--endpoint ID]
                            lists the deliveries that failed permanently
  hook0 import --from ${systems.join('|')} --file FILE [--dry-run]
                            creates endpoints from an export; a second run creates no duplicates
                            --dry-run changes nothing and prints what the import would create; with
                            --url and --token it also asks the API what it would refuse
                            docs/migrating.md says how to make the export; --file - reads standard input

  --url URL                 the address of the API (default: HOOK0_URL)
  --token TOKEN             send needs the scope ingest, import the scope manage (default: HOOK0_TOKEN)
  --application ID          the application, for a token that is valid for all applications
  --json                    print one JSON document per line
  --help, --version         print this text, print the version
`;

/** The command line is wrong. */
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

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const list = { type: 'string', multiple: true } as const;

const commonOptions = { url: text, token: text, application: text, json: flag, help: flag, version: flag };

/** How many arguments each command takes at most, and its own options. */
const commands = {
  send: { operands: 1, options: { payload: text, source: text, tag: list, 'idempotency-key': text } },
  endpoints: { operands: 2, options: {} },
  'dead-letters': { operands: 0, options: { endpoint: text } },
  import: { operands: 0, options: { from: text, file: text, 'dry-run': flag } },
};
const commandNames = Object.keys(commands).join(', ');

const options = {
  ...commonOptions,
  ...commands.send.options,
  ...commands['dead-letters'].options,
  ...commands.import.options,
};

/** @throws UsageError that names what was received and what is expected */
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
  if (name === undefined) throw new UsageError(`a command is missing; expected one of ${commandNames}`);
  if (!isCommand(name)) {
    throw new UsageError(`unknown command ${JSON.stringify(name)}; expected one of ${commandNames}`);
  }
  const command = commands[name];
  const wrong = tokens.find(
    (token) => token.kind === 'option' && !(token.name in commonOptions || token.name in command.options),
  );
  if (wrong?.kind === 'option') {
    const own = Object.keys(command.options)
      .map((option) => `--${option}`)
      .join(', ');
    throw new UsageError(`${name} does not take --${wrong.name}; it takes ${own || 'no options of its own'}`);
  }
  if (operands.length > command.operands) {
    throw new UsageError(`unexpected argument ${JSON.stringify(operands[command.operands])} after ${name}`);
  }
  switch (name) {
    case 'send':
      return {
        ...common,
        name,
        type: required(operands[0], 'send needs an event type, such as order.created'),
        payload: required(
          values.payload,
          `send needs --payload, such as '{"id":1}', or - for standard input`,
        ),
        source: values.source,
        tags: values.tag ?? [],
        idempotencyKey: values['idempotency-key'],
      };
    case 'endpoints': {
      const [action, id] = operands;
      if (action === undefined) return { ...common, name };
      if (action !== 'test') {
        const received = JSON.stringify(`endpoints ${action}`);
        throw new UsageError(`unknown command ${received}; expected endpoints or endpoints test ID`);
      }
      const endpointId = required(id, 'endpoints test needs the id of an endpoint, such as ep_01h…');
      return { ...common, name: 'endpoints test', endpointId };
    }
    case 'dead-letters':
      return { ...common, name, endpointId: values.endpoint };
    case 'import':
      return {
        ...common,
        name,
        from: systemOf(values.from),
        file: required(
          values.file,
          'import needs --file with the name of the export, or - for standard input',
        ),
        dryRun: values['dry-run'],
      };
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(message, { cause: error });
  }
}

const isCommand = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);

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
