import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { NewToken } from '../../client/types.ts';
import { UsageError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { countOf, durationOf, listOf } from '../shell/values.ts';
import { tokenColumns, tokenText } from '../views/others.ts';
import { confirmed, yesOption } from './confirm.ts';
import { examples } from './limits.ts';

const scopeNames = ['admin', 'manage', 'ingest', 'read'] as const;
const ownerOption = () => new Option('--of <application>', "of this application; '*' for those of operators");

export function addTokens(program: CommandUnknownOpts, shell: Shell): void {
  const tokens = program
    .command('tokens')
    .summary('create and revoke tokens')
    .description('A token authenticates requests to the API. Its text is shown once. Needs the scope admin.');

  tokens
    .command('list')
    .description('Lists tokens without their texts, which are not stored.')
    .addOption(ownerOption())
    .action(async ({ of: applicationId }) => {
      await shell.list(shell.client().tokens.all({ applicationId }), {
        columns: tokenColumns(shell.ports.now()),
        empty: "no tokens of this application; --of '*' shows those of operators",
      });
    });

  const create = tokens
    .command('create')
    .description(
      'Creates a token and prints its text. admin includes manage and ingest; manage includes read.',
    )
    .argument('<name>', 'for people, such as shop')
    .requiredOption('--scope <scope>', `${scopeNames.join(', ')}; several times for several`, listOf)
    .addOption(ownerOption())
    .option('--expires-in <duration>', 'such as 90d (default: never)', durationOf)
    .option('--rate-limit <number>', 'at most so many posted events a second', countOf)
    .action(async (name, { scope, of: applicationId, expiresIn, rateLimit }) => {
      const expiresAt =
        expiresIn === undefined ? undefined : new Date(shell.ports.now() + expiresIn).toISOString();
      const scopes = scope.map(scopeOf);
      const created = await shell.client().tokens.create({
        ...{ name, applicationId, expiresAt, scopes },
        rateLimit: rateLimit === undefined ? undefined : { perSecond: rateLimit },
      });
      shell.value(created, ({ token }) => `${token}\n`);
      if (!shell.isJson) shell.note(`this is the token ${created.id}; its text is not shown again`);
    });
  examples(
    create,
    'tokens create shop --scope ingest',
    'tokens create support --scope read --of acme --expires-in 90d',
  );

  tokens
    .command('get')
    .description('Shows a token without its text.')
    .argument('<id>', 'such as tok_01h…')
    .addOption(ownerOption())
    .action(async (id, { of: applicationId }) => {
      shell.value(await shell.client().tokens.get(id, { applicationId }), (token) => tokenText(token, shell));
    });

  tokens
    .command('update')
    .description('Changes the given settings only.')
    .argument('<id>', 'such as tok_01h…')
    .addOption(ownerOption())
    .option('--name <text>', 'for people')
    .option('--expires-in <duration>', 'from now, such as 90d', durationOf)
    .option('--rate-limit <number>', 'at most so many posted events a second', countOf)
    .action(async (id, { of: applicationId, name, expiresIn, rateLimit }) => {
      const patch = {
        ...(name === undefined ? {} : { name }),
        ...(expiresIn === undefined
          ? {}
          : { expiresAt: new Date(shell.ports.now() + expiresIn).toISOString() }),
        ...(rateLimit === undefined ? {} : { rateLimit: { perSecond: rateLimit } }),
      };
      if (Object.keys(patch).length === 0) {
        throw new UsageError('say what to change: hook0 tokens update --help shows the settings');
      }
      const token = await shell.client().tokens.update(id, patch, { applicationId });
      shell.value(token, (one) => tokenText(one, shell));
    });

  tokens
    .command('delete')
    .alias('revoke')
    .description('Revokes a token. The API refuses it after at most a minute.')
    .argument('<id>', 'such as tok_01h…')
    .addOption(ownerOption())
    .addOption(yesOption())
    .action(async (id, { of: applicationId, yes }) => {
      const client = shell.client();
      await confirmed(`Revoke the token ${id}?`, yes, shell);
      await client.tokens.delete(id, { applicationId });
      if (!shell.isJson) shell.note(`${id} is revoked; requests with it fail after at most a minute`);
    });
}

function scopeOf(text: string): NewToken['scopes'][number] {
  const scope = scopeNames.find((one) => one === text);
  if (scope !== undefined) return scope;
  throw new UsageError(`--scope: received ${JSON.stringify(text)}; expected ${scopeNames.join(', ')}`);
}
