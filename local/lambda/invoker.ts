import { setTimeout as sleep } from 'node:timers/promises';
import { matchesArn } from '../iam/wildcard.ts';
import { unqualified } from '../template/names.ts';
import type { LambdaFunction } from './function.ts';
import type { LogSink } from './logs.ts';
import type { InvocationResult } from './settings.ts';

/** A statement of a function's policy: AWS::Lambda::Permission. */
interface Permission {
  readonly functionArn: string;
  /** e.g. `events.amazonaws.com` */
  readonly principal: string;
  /** With `*` and `?`. @default - any source */
  readonly sourceArn?: string | undefined;
}

export interface Invoker {
  readonly functions: Map<string, LambdaFunction>;
  readonly permissions: Permission[];
  /** By ARN, how often an asynchronous event is tried again. @default - twice */
  readonly asyncRetries: Map<string, number>;
  /**
   * Invokes for a service, if the function's policy allows it.
   *
   * @param sourceArn of the caller. @default - any that a permission names
   */
  invokeFor(
    principal: string,
    functionArn: string,
    payload: string,
    sourceArn?: string,
  ): Promise<InvocationResult>;
  /** Invokes asynchronously: resolves after the first attempt; further attempts follow in the background. */
  send(principal: string, functionArn: string, payload: string, sourceArn?: string): Promise<void>;
  /** Accepts ARNs with a version or alias. */
  find(functionArn: string): LambdaFunction | undefined;
}

/** Waits before the second and the third attempt of an asynchronous event, as on AWS. */
const retryDelaysMs = [60_000, 120_000];

export function createInvoker(logs: LogSink, stopping: AbortSignal): Invoker {
  const functions = new Map<string, LambdaFunction>();
  const permissions: Permission[] = [];
  const asyncRetries = new Map<string, number>();

  const find: Invoker['find'] = (arn) => functions.get(unqualified(arn));

  const invokeFor: Invoker['invokeFor'] = (principal, functionArn, payload, sourceArn) => {
    const target = find(functionArn);
    if (target === undefined) return refused(logs, `there is no function ${functionArn}`);
    const isAllowed = permissions.some(
      (permission) =>
        permission.functionArn === target.settings.arn &&
        permission.principal === principal &&
        (permission.sourceArn === undefined ||
          sourceArn === undefined ||
          matchesArn(permission.sourceArn, sourceArn)),
    );
    if (!isAllowed) {
      return refused(
        logs,
        `${target.settings.logicalId}: no AWS::Lambda::Permission lets ${principal} invoke it`,
      );
    }
    return target.invoke(payload);
  };

  const retry = async (times: number, invoke: () => Promise<InvocationResult>): Promise<void> => {
    for (const delayMs of retryDelaysMs.slice(0, times)) {
      await sleep(delayMs, undefined, { signal: stopping, ref: false });
      if ((await invoke()).kind === 'result') return;
    }
  };

  return {
    functions,
    permissions,
    asyncRetries,
    invokeFor,
    find,
    send: async (principal, functionArn, payload, sourceArn) => {
      const invoke = () => invokeFor(principal, functionArn, payload, sourceArn);
      const result = await invoke();
      if (result.kind === 'result') return;
      const times = asyncRetries.get(unqualified(functionArn)) ?? retryDelaysMs.length;
      // Further attempts end when the local run does.
      void retry(times, invoke).catch(() => undefined);
    },
  };
}

function refused(logs: LogSink, why: string): Promise<InvocationResult> {
  logs.write('local', why);
  return Promise.resolve({ kind: 'error', error: { errorType: 'AccessDeniedException', errorMessage: why } });
}
