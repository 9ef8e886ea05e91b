import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { exporters } from '../../export/export.ts';
import { OtherApi } from '../../export/other-api.ts';
import { type System, systems } from '../../import/plan.ts';
import { UsageError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { examples } from './limits.ts';

/** Where each system's API is, and the variable that holds its token. */
const sources: Readonly<Record<System, { readonly url?: string; readonly token: string }>> = {
  svix: { url: 'https://api.svix.com', token: 'SVIX_TOKEN' },
  // Most deployments of Convoy are the user's own.
  convoy: { token: 'CONVOY_TOKEN' },
  hook0: { url: 'https://app.hook0.com', token: 'HOOK0_ORIGINAL_TOKEN' },
};

export function addExport(program: CommandUnknownOpts, shell: Shell): void {
  const command = program
    .command('export')
    .summary('read what an import needs from another system')
    .description(
      'Prints the endpoints and event types of one application of Svix or the original Hook0, or of one project of Convoy,\nfor hook0 import. It holds secrets, so keep it private and delete it after the import.\nThe token is read from SVIX_TOKEN, CONVOY_TOKEN or HOOK0_ORIGINAL_TOKEN.',
    )
    .addOption(new Option('--from <system>', 'the other system').choices(systems).makeOptionMandatory())
    .requiredOption('--id <id>', 'the application, or the project of Convoy')
    .option('--url <url>', 'where its API is; needed for Convoy')
    .action(async ({ from, id, url = sources[from].url }) => {
      const { env, now, sleep } = shell.ports;
      const token = env[sources[from].token];
      if (url === undefined) throw new UsageError(`--url is missing: where the API of ${from} is`);
      if (!URL.canParse(url)) throw new UsageError(`--url must be a URL such as https://…, got ${url}`);
      if (token === undefined) throw new UsageError(`a token is missing: set ${sources[from].token}`);
      const api = new OtherApi({
        url: url.replace(/\/+$/, ''),
        token,
        now,
        sleep: (milliseconds) => sleep(milliseconds, new AbortController().signal),
      });
      shell.json(await exporters[from](api, id));
    });
  examples(
    command,
    'export --from svix --id app_2aX3k > export.json',
    'export --from convoy --url https://convoy.example.com --id 01HQ5Z7 > export.json',
  );
}
