import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { Hook0Error } from '../../errors.ts';
import { planConvoy } from '../../import/convoy.ts';
import { planHook0 } from '../../import/hook0.ts';
import { ExportError } from '../../import/json.ts';
import { type ImportPlan, type System, systems } from '../../import/plan.ts';
import { runImport } from '../../import/run.ts';
import { planSvix } from '../../import/svix.ts';
import { InterruptedError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { decoded } from '../shell/values.ts';
import { reportText, summaryText } from '../views/import.ts';
import { examples } from './limits.ts';

const planners: Readonly<Record<System, (exported: unknown) => ImportPlan>> = {
  svix: planSvix,
  convoy: planConvoy,
  hook0: planHook0,
};

export function addImport(program: CommandUnknownOpts, shell: Shell): void {
  const command = program
    .command('import')
    .summary('move endpoints here from another system')
    .description(
      'Creates endpoints and event types from an export. A second run creates no duplicates.\nNeeds a token with the scope manage. docs/migrating.md says how to make the export.',
    )
    .addOption(
      new Option('--from <system>', 'where the export comes from').choices(systems).makeOptionMandatory(),
    )
    .requiredOption('--file <file>', 'the export; - reads standard input')
    .option('--dry-run', 'change nothing, and print what would be created and what the API would refuse')
    .action(async ({ from, file, dryRun = false }) => {
      const plan = planned(from, file, parsed(decoded(await shell.ports.read(file), file), file));
      const isOffline = dryRun && !shell.isConnected;
      await run(plan, isOffline ? 'offline' : dryRun ? 'checked' : 'import', shell);
    });
  examples(command, 'import --from svix --file svix.json --dry-run', 'import --from svix --file svix.json');
}

async function run(plan: ImportPlan, mode: 'import' | 'checked' | 'offline', shell: Shell): Promise<void> {
  const client = mode === 'offline' ? undefined : shell.client();
  const interrupted = shell.ports.interrupts();
  const total = plan.eventTypes.length + plan.endpoints.length + plan.leftOut.length;
  const counts = new Map<string, number>();
  let done = 0;
  for await (const line of runImport(plan, client, mode !== 'import')) {
    done += 1;
    counts.set(line.outcome, (counts.get(line.outcome) ?? 0) + 1);
    shell.value(line, reportText);
    if (interrupted.aborted && done < total) {
      throw new InterruptedError(
        `stopped after ${done} of ${total}: ${summaryText(counts, 'import').trim()}\n` +
          'hint: run the same command again to go on; it passes over what exists',
      );
    }
  }
  if (!shell.isJson) shell.ports.out(summaryText(counts, mode));
  if (counts.has('failed') || counts.has('would be refused')) shell.exitCode = 1;
}

function planned(from: System, file: string, exported: unknown): ImportPlan {
  try {
    return planners[from](exported);
  } catch (error) {
    if (error instanceof ExportError) throw new ExportError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message of the parser is left out, because it quotes the text, and an export holds secrets.
    throw new Hook0Error(`${file} is not valid JSON`, { cause: error });
  }
}
