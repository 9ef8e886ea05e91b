import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { Hook0Error } from '../../errors.ts';
import {
  addressCheck,
  type CheckResult,
  clockCheck,
  type HealthAnswer,
  tokenCheck,
} from '../doctor/checks.ts';
import { eventCheck } from '../doctor/test-event.ts';
import { isLoopback } from '../requests/loopback.ts';
import { UsageError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { oneLine } from '../shell/style.ts';
import { grantsOf } from '../views/others.ts';

const styles = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const;
/** Milliseconds. */
const longestWait = 10_000;

export function addDoctor(program: CommandUnknownOpts, shell: Shell): void {
  program
    .command('doctor')
    .summary('find out what is wrong with the connection')
    .description(
      'Checks the address, the clocks, the token, and whether a test event arrives. The test event reaches no endpoint but\nits own, which is removed afterwards. The exit code is 1 when a check failed.',
    )
    .action(async () => {
      const { url } = shell.connection;
      if (url === undefined)
        throw new UsageError('the address is missing: log in with hook0 login, or set HOOK0_URL');
      for await (const result of results(url, shell)) {
        shell.value(result, () => lineOf(result, shell));
        if (result.status === 'failed') shell.exitCode = 1;
      }
    });
}

/** Each check needs the ones before it. */
async function* results(url: string, shell: Shell): AsyncGenerator<CheckResult> {
  try {
    const answer = await health(url, shell);
    yield addressCheck(url, answer);
    yield clockCheck(answer);
  } catch (error) {
    yield failed('address', error);
    return;
  }
  try {
    const token = await shell.client().tokens.current();
    yield tokenCheck(token, grantsOf(token), shell.ports.now());
    try {
      yield await eventCheck(token, isLoopback(url), shell);
    } catch (error) {
      yield failed('event', error);
    }
  } catch (error) {
    yield failed('token', error);
  }
}

async function health(url: string, { ports }: Shell): Promise<HealthAnswer> {
  const sentAt = ports.now();
  try {
    const signal = AbortSignal.timeout(longestWait);
    const response = await fetch(`${url.replace(/\/+$/, '')}/health`, { redirect: 'manual', signal });
    const text = await response.text();
    return { status: response.status, body: parsed(text), sentAt, receivedAt: ports.now() };
  } catch (error) {
    const { cause, message } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
    throw new Hook0Error(`${url} does not answer: ${reason}`, { cause: error });
  }
}

function failed(check: CheckResult['check'], error: unknown): CheckResult {
  if (error instanceof Hook0Error) return { check, status: 'failed', detail: error.message };
  throw error;
}

const lineOf = ({ check, status, detail }: CheckResult, shell: Shell): string =>
  `${shell.styled({ text: status.padEnd(8), style: styles[status] })} ${check.padEnd(8)} ${oneLine(detail)}\n`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
