import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { NewPortalToken } from '../../client/types.ts';
import { UsageError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { durationOf, listOf, objectOf } from '../shell/values.ts';
import { applicationColumns, applicationText } from '../views/others.ts';
import { second } from '../views/time.ts';
import { confirmed, yesOption } from './confirm.ts';
import { examples } from './limits.ts';

export function addApplications(program: CommandUnknownOpts, shell: Shell): void {
  const applications = program
    .command('applications')
    .summary('tenants: each has its own endpoints, events and tokens')
    .description(
      'An application owns endpoints, event types, tokens and events. Needs a token for all applications.',
    );

  applications
    .command('list')
    .description('Lists applications.')
    .action(async () => {
      await shell.list(shell.client().applications.all(), {
        columns: applicationColumns,
        empty: 'no applications',
      });
    });

  applications
    .command('get')
    .description('Shows an application with its limits.')
    .argument('<id>')
    .action(async (id) => {
      shell.value(await shell.client().applications.get(id), (one) => applicationText(one, shell));
    });

  const create = applications
    .command('create')
    .description('Creates an application.')
    .argument('<name>', 'for people')
    .option('--id <id>', '1 to 64 of a-z 0-9 _ - (default: a new one)')
    .option('--metadata <json>', 'an object that filters may refer to, @FILE or -')
    .action(async (name, { id, metadata }) => {
      const more =
        metadata === undefined ? {} : { metadata: await objectOf(metadata, '--metadata', shell.ports) };
      const created = await shell.client().applications.create({ name, id, ...more });
      shell.value(created, () => applicationText(created, shell));
      if (!shell.isJson) shell.note(`use it with --application ${created.id}`);
    });
  examples(create, 'applications create "Acme Inc" --id acme', 'endpoints list --application acme');

  applications
    .command('update')
    .description('Changes the given settings only. Only operators may change limits.')
    .argument('<id>')
    .option('--name <text>', 'for people')
    .option('--metadata <json>', 'an object that filters may refer to, @FILE or -; null removes a key')
    .option('--limits <json>', 'such as {"endpoints":100}, @FILE or -')
    .action(async (id, { name, metadata, limits }) => {
      const patch = {
        ...(name === undefined ? {} : { name }),
        ...(metadata === undefined ? {} : { metadata: await objectOf(metadata, '--metadata', shell.ports) }),
        ...(limits === undefined ? {} : { limits: await objectOf(limits, '--limits', shell.ports) }),
      };
      if (Object.keys(patch).length === 0) {
        throw new UsageError('say what to change: hook0 applications update --help shows the settings');
      }
      shell.value(await shell.client().applications.update(id, patch), (one) => applicationText(one, shell));
    });

  const portal = applications
    .command('portal-token')
    .summary('make a short-lived token for a customer')
    .description('Makes a short-lived token for the browser of a customer, and prints its text.')
    .argument('<id>', 'application')
    .option(
      '--capability <capability>',
      'what it may do, such as endpoints:read; several times for several',
      listOf,
    )
    .option('--expires-in <duration>', 'from 1m to 1d (default: 1h)', durationOf)
    .action(async (id, { capability, expiresIn }) => {
      // The API names the capabilities that it accepts.
      const body = { capabilities: capability, expiresIn } as NewPortalToken;
      const created = await shell.client().applications.createPortalToken(id, body);
      shell.value(created, ({ token }) => `${token}\n`);
      if (!shell.isJson)
        shell.note(`it may ${created.capabilities.join(', ')} until ${second(created.expiresAt)}`);
    });
  examples(portal, 'applications portal-token acme --capability endpoints:read --expires-in 10m');

  applications
    .command('delete')
    .description('Deletes an application. With --everything, its endpoints, events and tokens as well.')
    .argument('<id>')
    .option('--everything', 'what belongs to it as well; this continues after the command has ended')
    .addOption(yesOption())
    .action(async (id, { everything, yes }) => {
      const client = shell.client();
      const what = everything === true ? `${id} and everything that belongs to it` : id;
      await confirmed(`Delete the application ${what}?`, yes, shell);
      const removal = await client.applications.delete(id, everything === true ? { confirm: id } : {});
      if (!shell.isJson) shell.note(removal === undefined ? `${id} is deleted` : `${id} is being deleted`);
    });
}
