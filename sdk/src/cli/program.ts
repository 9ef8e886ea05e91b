import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { version } from '../generated/version.ts';
import { addApplications } from './commands/applications.ts';
import { addCompletion } from './commands/completion.ts';
import { addDeadLetters, addDeliveries } from './commands/deliveries.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEndpoints } from './commands/endpoints.ts';
import { addEventTypes } from './commands/event-types.ts';
import { addEvents } from './commands/events.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addListen } from './commands/listen.ts';
import { addLogin } from './commands/login.ts';
import { addOpen } from './commands/open.ts';
import { addProfiles } from './commands/profiles.ts';
import { addSend } from './commands/send.ts';
import { addSignatures } from './commands/signatures.ts';
import { addStats } from './commands/stats.ts';
import { addTail } from './commands/tail.ts';
import { addTasks } from './commands/tasks.ts';
import { addTokens } from './commands/tokens.ts';
import { addTrigger } from './commands/trigger.ts';
import type { CliPorts } from './shell/ports.ts';
import { Shell } from './shell/shell.ts';
import { paint, wantsColours } from './shell/style.ts';

const rootHelp = `
Find out why deliveries failed, and send them again:
  $ hook0 dead-letters list
  $ hook0 deliveries get <id>
  $ hook0 dead-letters redrive <id>

Find out what became of an event:
  $ hook0 events list --type order.created --since 2h
  $ hook0 events get <id>
  $ hook0 events explain <id>

hook0 login saves an address and a token; HOOK0_URL and HOOK0_TOKEN set them for a shell. --json prints one JSON document per line.
Exit codes: 0 for success, 1 for a failure, 2 for a wrong command line, 130 after Ctrl-C.`;

/** The tree of commands. It reads the command line and throws a CommanderError in place of ending the process. */
export function programOf(ports: CliPorts): { readonly program: CommandUnknownOpts; readonly shell: Shell } {
  const hasColours = wantsColours(ports.env, ports.columns !== undefined);
  const program = new Command('hook0')
    .description(
      'Sends webhooks with Hook0: post events, manage endpoints, and see what became of deliveries.',
    )
    .version(version, '-v, --version', 'print the version')
    .option('--profile <name>', 'use this profile of hook0 login')
    .option('--api-url <url>', 'address of the API (default: HOOK0_URL, or the profile)')
    .option('--api-token <token>', 'token (default: HOOK0_TOKEN, or the profile)')
    .option('--application <id>', 'application, for a token that is valid for all')
    .option('--json', 'print one JSON document per line, for programs')
    .option('--no-color', 'print without colours, as NO_COLOR does')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', rootHelp)
    .exitOverride()
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (text) => paint({ text, style: 'bold' }, hasColours),
    })
    .configureOutput({
      writeOut: (text) => ports.out(text),
      writeErr: (text) => ports.err(text),
      getOutHelpWidth: () => ports.columns ?? 100,
      getErrHelpWidth: () => ports.columns ?? 100,
      getOutHasColors: () => hasColours,
      getErrHasColors: () => hasColours,
    });
  const shell = new Shell(ports, () => program.opts());

  program.commandsGroup('Events and deliveries:');
  addSend(program, shell);
  addEvents(program, shell);
  addDeliveries(program, shell);
  addDeadLetters(program, shell);
  addTail(program, shell);
  addStats(program, shell);
  addTasks(program, shell);

  program.commandsGroup('Write a receiver:');
  addListen(program, shell);
  addTrigger(program, shell);
  addSignatures(program, shell);

  program.commandsGroup('Settings:');
  addEndpoints(program, shell);
  addEventTypes(program, shell);
  addApplications(program, shell);
  addTokens(program, shell);
  addImport(program, shell);
  addExport(program, shell);

  program.commandsGroup('Access:');
  addLogin(program, shell);
  addProfiles(program, shell);

  program.commandsGroup('Other:');
  addDoctor(program, shell);
  addOpen(program, shell);
  addCompletion(program);
  program.helpCommand('help [command]', 'show help for a command');
  nameHelp(program, 'hook0');
  return { program, shell };
}

/** Each usage error names the help of its own command. */
function nameHelp(command: CommandUnknownOpts, path: string): void {
  command.showHelpAfterError(`Run ${path} --help to see how it is used.`);
  for (const child of command.commands) nameHelp(child, `${path} ${child.name()}`);
}
