import { Argument, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { Hook0Error } from '../../errors.ts';
import { UsageError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';

export function addOpen(program: CommandUnknownOpts, shell: Shell): void {
  program
    .command('open')
    .description('Opens the API reference of the deployment in a browser, where you can try each request.')
    .addArgument(new Argument('[page]', 'what to open').choices(['docs']).default('docs'))
    .action(async (page) => {
      const { url } = shell.connection;
      if (url === undefined)
        throw new UsageError('the address is missing: log in with hook0 login, or set HOOK0_URL');
      if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
        throw new Hook0Error(`the address is ${JSON.stringify(url)}; expected http or https`);
      }
      const address = new URL(page, `${url.replace(/\/+$/, '')}/`).href;
      shell.value({ url: address }, () => `${address}\n`);
      if (!(await shell.ports.browse(address)) && !shell.isJson)
        shell.note('there is no browser here; open the address elsewhere');
    });
}
