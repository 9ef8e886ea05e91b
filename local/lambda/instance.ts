import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { timeLimitMs } from './debugger.ts';
import { type FunctionError, functionError, type InstanceData, type InstanceMessage } from './protocol.ts';
import type { FunctionSettings, InvocationResult } from './settings.ts';

/** Lambda's limit for the code outside the handler. */
const initTimeoutMs = 10_000;

/**
 * One execution environment: a thread that has only the function's environment and handles one invocation at a time.
 * After a timeout, a crash or a failed initialisation it is dead and not used again.
 */
export class Instance {
  isDead = false;
  idleSince = Date.now();

  readonly #worker: Worker;
  readonly #settings: FunctionSettings;
  /** Resolves when it is ready, or with the error of a failed start. */
  readonly initialised: Promise<FunctionError | undefined>;
  #settle: ((result: InvocationResult) => void) | undefined;

  constructor(settings: FunctionSettings, onLine: (text: string) => void) {
    this.#settings = settings;
    const { module, handler, clock } = settings;
    const data: InstanceData = { module, handler, clock: clock?.shared };
    this.#worker = new Worker(new URL('./runtime.ts', import.meta.url), {
      name: settings.name,
      workerData: data,
      env: { ...settings.environment, AWS_LAMBDA_LOG_STREAM_NAME: `local/${randomUUID()}` },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
    }
    this.initialised = this.#watch();
  }

  /** Never rejects: an error is a result. */
  async invoke(payload: string): Promise<InvocationResult> {
    const failure = await this.initialised;
    if (failure !== undefined) return { kind: 'error', error: failure };
    const { arn } = this.#settings;
    const timeoutMs = timeLimitMs(this.#settings.timeoutMs);
    const requestId = randomUUID();
    const result = await new Promise<InvocationResult>((resolve) => {
      this.#settle = resolve;
      const timer = setTimeout(() => this.#die(timedOut(requestId, timeoutMs)), timeoutMs);
      this.#settle = (settled) => {
        clearTimeout(timer);
        resolve(settled);
      };
      if (this.isDead) this.#die({ errorType: 'Runtime.ExitError', errorMessage: 'the instance has ended' });
      else
        this.#worker.postMessage({ requestId, payload, deadline: Date.now() + timeoutMs, functionArn: arn });
    });
    this.#settle = undefined;
    this.idleSince = Date.now();
    return result;
  }

  async terminate(): Promise<void> {
    this.#die({ errorType: 'Runtime.ExitError', errorMessage: 'the local run stops' });
    await this.#worker.terminate();
  }

  #watch(): Promise<FunctionError | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () =>
          this.#die({
            errorType: 'Sandbox.Timedout',
            errorMessage: 'initialisation took more than 10 seconds',
          }),
        timeLimitMs(initTimeoutMs),
      );
      const initialised = (failure?: FunctionError) => {
        clearTimeout(timer);
        resolve(failure);
      };
      this.#worker.on('message', (message: InstanceMessage) => {
        if (message.kind === 'ready') initialised();
        else if (message.kind === 'init-failed') {
          initialised(message.error);
          this.#die(message.error);
        } else this.#settle?.(message);
      });
      this.#worker.on('error', (error) => {
        const failure = { ...functionError(error), errorType: crashName(error) };
        initialised(failure);
        this.#die(failure);
      });
      this.#worker.on('exit', (code) => {
        const failure = {
          errorType: 'Runtime.ExitError',
          errorMessage: `the process exited with code ${code}`,
        };
        initialised(failure);
        this.#die(failure);
      });
    });
  }

  #die(failure: FunctionError): void {
    this.isDead = true;
    this.#settle?.({ kind: 'error', error: failure });
    void this.#worker.terminate();
  }
}

function timedOut(requestId: string, timeoutMs: number): FunctionError {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

function crashName(error: unknown): string {
  const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory ? 'Runtime.OutOfMemory' : 'Runtime.UnhandledError';
}
