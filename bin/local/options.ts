import { parseArgs } from 'node:util';
import { acceptedOrigins, corsOrigins, splitList } from '#lib/settings/cors-origins.ts';

export interface LocalOptions {
  readonly port: number;
  readonly dataDir: string | undefined;
  /** Milliseconds; undefined leaves the schedules as declared. */
  readonly tickMs: number | undefined;
  readonly strictTargets: boolean;
  /** Origins of pages that may call the API. */
  readonly corsOrigins: readonly string[] | undefined;
  /** Whether events and deliveries are not printed. */
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
}

export const usage = `Runs Hook0 on this machine: the synthesized stack with embedded engines.

  npm start -- [options]

  --port N           port of the API on 127.0.0.1 (default 3000; 0 takes a free one)
  --data-dir DIR     keep events, queues and settings there for the next start (default: nothing is kept)
  --tick SECONDS     replaces the period of all schedules (default: as declared, the scheduler every 60)
  --strict-targets   refuse webhook targets on private and loopback addresses, as on AWS
  --cors-origins LIST
                     let pages of these origins call the API, e.g. http://localhost:5173 (default: none)
  --quiet            print no line for each event and delivery
  --verbose          write everything that the functions log to standard error (default: one short line
                     for each unexpected error)
  --help             show this text

  HOOK0_ADMIN_TOKEN  the admin token (default: a new one is printed)
  DYNAMODB_ENDPOINT  use this DynamoDB instead of the embedded engine
`;

const flags = {
  port: { type: 'string', default: '3000' },
  'data-dir': { type: 'string' },
  tick: { type: 'string' },
  'strict-targets': { type: 'boolean', default: false },
  'cors-origins': { type: 'string' },
  quiet: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** @throws Error of one line with what was given and what is expected */
export function parseCommandLine(args: readonly string[]): LocalOptions {
  const { values, positionals } = parse(args);
  if (positionals.length > 0)
    throw new Error(`unexpected argument ${JSON.stringify(positionals[0])}: ${seeHelp}`);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Error(`--port is ${JSON.stringify(values.port)}: expected a whole number from 0 to 65535`);
  }
  if (values['data-dir'] === '') throw new Error('--data-dir is empty: expected the path of a folder');
  return {
    port,
    dataDir: values['data-dir'],
    tickMs: values.tick === undefined ? undefined : tickOf(values.tick),
    strictTargets: values['strict-targets'],
    corsOrigins: values['cors-origins'] === undefined ? undefined : originsOf(values['cors-origins']),
    quiet: values.quiet,
    verbose: values.verbose,
    help: values.help,
  };
}

const seeHelp = 'npm start -- --help lists the options';

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: withNegativeNumbers(args), options: flags, allowPositionals: true });
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    const clear = message.replace(
      /^Option '(.+?)' argument is ambiguous.*$/,
      'option $1 is given without a value',
    );
    throw new Error(`${clear}: ${seeHelp}`, { cause: error });
  }
}

/** Joins `--port -1`, because the parser reads `-1` as an option and the error would not name the port's range. */
function withNegativeNumbers(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (/^-\d/.test(args[index + 1] ?? '') && /^--[a-z-]+$/.test(arg)) return [`${arg}=${args[index + 1]}`];
    return /^-\d/.test(arg) && /^--[a-z-]+$/.test(args[index - 1] ?? '') ? [] : [arg];
  });
}

function tickOf(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds >= 0.1 && seconds <= 86_400) return seconds * 1000;
  throw new Error(`--tick is ${JSON.stringify(text)}: expected seconds from 0.1 to 86400`);
}

function originsOf(text: string): readonly string[] {
  const origins = corsOrigins.safeParse(splitList(text));
  if (origins.success) return origins.data;
  throw new Error(`--cors-origins is ${JSON.stringify(text)}: expected ${acceptedOrigins}`);
}
