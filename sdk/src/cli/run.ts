import { Hook0Client } from '../client/client.ts';
import { ApiError } from '../client/errors.ts';
import { Hook0Error } from '../errors.ts';
import { version } from '../generated/version.ts';
import { planConvoy } from '../import/convoy.ts';
import { planHook0 } from '../import/hook0.ts';
import { ExportError } from '../import/json.ts';
import type { ImportPlan, System } from '../import/plan.ts';
import { type ReportLine, runImport } from '../import/run.ts';
import { planSvix } from '../import/svix.ts';
import { type Command, parseCommandLine, UsageError, usage } from './command-line.ts';
import { acceptedText, deadLetterText, endpointText, reportText, summaryText, testText } from './report.ts';

/** What the command uses outside the process. */
export interface CliPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  /** Reads a file, or standard input for `-`. */
  read(file: string): Promise<string>;
}

const planners: Readonly<Record<System, (exported: unknown) => ImportPlan>> = {
  svix: planSvix,
  convoy: planConvoy,
  hook0: planHook0,
};

/** Runs a command and returns its exit code: 0 for success, 1 for a failure, 2 for a wrong command line. */
export async function runCli(args: readonly string[], ports: CliPorts): Promise<number> {
  try {
    return await run(parseCommandLine(args, ports.env), ports);
  } catch (error) {
    if (!(error instanceof Hook0Error)) throw error;
    ports.err(`error: ${errorText(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    ports.err('run hook0 --help for the commands and their options\n');
    return 2;
  }
}

async function run(command: Command, ports: CliPorts): Promise<number> {
  switch (command.name) {
    case 'help':
      ports.out(usage);
      return 0;
    case 'version':
      ports.out(`${version}\n`);
      return 0;
    case 'send': {
      const { type, source, tags, idempotencyKey } = command;
      const payloadJson = command.payload === '-' ? (await ports.read('-')).trimEnd() : command.payload;
      parseJson(payloadJson, '--payload');
      const event = { type, payloadJson, source, options: { tags } };
      const accepted = await clientOf(command).sendEvent(event, { idempotencyKey });
      ports.out(command.json ? jsonLine(accepted) : acceptedText(accepted));
      return 0;
    }
    case 'endpoints':
      for await (const one of clientOf(command).endpoints.all()) {
        ports.out(command.json ? jsonLine(one) : endpointText(one));
      }
      return 0;
    case 'endpoints test': {
      const result = await clientOf(command).endpoints.test(command.endpointId);
      ports.out(command.json ? jsonLine(result) : testText(result));
      return result.success ? 0 : 1;
    }
    case 'dead-letters': {
      for await (const one of clientOf(command).deadLetters.all({ endpointId: command.endpointId })) {
        ports.out(command.json ? jsonLine(one) : deadLetterText(one));
      }
      return 0;
    }
    case 'import':
      return importFile(command, ports);
  }
}

async function importFile(
  command: Extract<Command, { readonly name: 'import' }>,
  ports: CliPorts,
): Promise<number> {
  const { from, file, dryRun } = command;
  const plan = planned(from, file, parseJson(await ports.read(file), file));
  const isOffline = dryRun && (command.url === undefined || command.token === undefined);
  const client = isOffline ? undefined : clientOf(command);
  const lines: ReportLine[] = [];
  for await (const reported of runImport(plan, client, dryRun)) {
    lines.push(reported);
    ports.out(command.json ? jsonLine(reported) : reportText(reported));
  }
  if (!command.json) ports.out(summaryText(lines, isOffline ? 'offline' : dryRun ? 'checked' : 'import'));
  return lines.some(({ outcome }) => outcome === 'failed' || outcome === 'would be refused') ? 1 : 0;
}

function planned(from: System, file: string, exported: unknown): ImportPlan {
  try {
    return planners[from](exported);
  } catch (error) {
    if (error instanceof ExportError) throw new ExportError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function clientOf({ url, token, application }: Command): Hook0Client {
  if (url === undefined)
    throw new UsageError('the address of the API is missing: use --url or set HOOK0_URL');
  if (token === undefined) throw new UsageError('a token is missing: use --token or set HOOK0_TOKEN');
  return new Hook0Client({ apiUrl: url, apiToken: token, application });
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message of the parser is left out, because it quotes the text, and an export holds secrets.
    throw new Hook0Error(`${what} is not valid JSON`, { cause: error });
  }
}

const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`;

function errorText(error: Hook0Error): string {
  if (!(error instanceof ApiError)) return error.message;
  const more = error.errors.slice(1).map(({ field, message }) => `\n    ${field}: ${message}`);
  return error.message + more.join('');
}
