import { CommanderError } from '@commander-js/extra-typings';
import { Hook0Error } from '../errors.ts';
import { programOf } from './program.ts';
import { errorText, InterruptedError, UsageError } from './shell/errors.ts';
import type { CliPorts } from './shell/ports.ts';

/**
 * Runs a command and returns its exit code: 0 for success, 1 for a failure, 2 for a wrong command line, and 130 after
 * Ctrl-C.
 */
export async function runCli(args: readonly string[], ports: CliPorts): Promise<number> {
  const { program, shell } = programOf(ports);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return shell.exitCode;
  } catch (error) {
    // The library has already printed what is wrong, or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Hook0Error)) throw error;
    if (error instanceof InterruptedError) {
      ports.err(`${error.message}\n`);
      return 130;
    }
    ports.err(`${shell.styled({ text: 'error:', style: 'red' })} ${errorText(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
