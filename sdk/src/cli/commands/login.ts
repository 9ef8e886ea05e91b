import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { Hook0Client } from '../../client/client.ts';
import type { Token } from '../../client/types.ts';
import { UsageError } from '../shell/errors.ts';
import { profileNamed, savedProfiles, savedText } from '../shell/profiles.ts';
import type { Shell } from '../shell/shell.ts';
import { decoded } from '../shell/values.ts';
import { tokenText } from '../views/others.ts';
import { examples } from './limits.ts';

const usualName = 'default';

export function addLogin(program: CommandUnknownOpts, shell: Shell): void {
  const { ports } = shell;
  const login = program
    .command('login')
    .summary('save an address and a token')
    .description(
      `Checks an address and a token, and saves them as a profile that only you can read.\nWithout options it asks for them. --profile names the profile (default: ${usualName}).`,
    )
    .addOption(new Option('--token-stdin', 'read the token from standard input'))
    .action(async ({ tokenStdin }) => {
      const { profile: name = usualName, apiUrl, apiToken, application } = shell.globals;
      const url = apiUrl ?? ports.env.HOOK0_URL ?? (await ports.ask('Address of the API: ')).trim();
      const token =
        tokenStdin === true ? await fromStandardInput(shell) : (apiToken ?? (await askedToken(shell)));
      const client = new Hook0Client({ apiUrl: url, apiToken: token, application });
      const known = await client.tokens.current();
      const saved = savedProfiles(ports.profiles);
      const profiles = { ...saved.profiles, [name]: { url, token, application } };
      ports.profiles.write(savedText({ current: name, profiles }));
      const source = `the profile ${name}`;
      shell.value({ source, url, token: known }, () => whoText(source, url, known, shell));
      if (!shell.isJson) shell.note(`saved as the profile ${name} in ${ports.profiles.path}`);
    });
  examples(
    login,
    'login',
    'login --profile prod --api-url https://abc123.execute-api.eu-west-1.amazonaws.com --token-stdin < token.txt',
  );

  program
    .command('logout')
    .description(
      'Forgets a profile: the current one, or the one that --profile names. The token stays valid.',
    )
    .action(() => {
      const saved = savedProfiles(ports.profiles);
      const name = shell.globals.profile ?? saved.current;
      if (name === undefined) throw new UsageError('there is no profile to forget');
      profileNamed(name, saved);
      const { [name]: _, ...profiles } = saved.profiles;
      const current = saved.current === name ? undefined : saved.current;
      ports.profiles.write(savedText({ current, profiles }));
      shell.note(`the profile ${name} is forgotten; its token stays valid until it is revoked`);
    });

  program
    .command('whoami')
    .summary('show the address and the token that commands use')
    .description('Shows the address and the token that commands use, and where they come from.')
    .action(async () => {
      const { url, source } = shell.connection;
      const token = await shell.client().tokens.current();
      shell.value({ url, source, token }, () => whoText(source, url ?? '', token, shell));
    });
}

const whoText = (source: string, url: string, token: Token, shell: Shell): string =>
  tokenText(token, shell, [
    ['Address', url],
    ['From', source],
  ]);

async function fromStandardInput({ ports }: Shell): Promise<string> {
  return decoded(await ports.read('-'), 'the token on standard input').trim();
}

async function askedToken({ ports }: Shell): Promise<string> {
  return ports.env.HOOK0_TOKEN ?? (await ports.ask('Token: ', { hidden: true })).trim();
}
