import { Instance } from './instance.ts';
import type { LogSink } from './logs.ts';
import type { FunctionError } from './protocol.ts';
import type { FunctionSettings, InvocationResult } from './settings.ts';

/** Without reserved concurrency AWS allows a thousand; so many threads would only slow this machine down. */
const defaultInstances = 10;
const idleForMs = 60_000;

/** A function with its instances: warm ones first, new ones up to the limit, then callers wait or are throttled. */
export class LambdaFunction {
  readonly settings: FunctionSettings;
  readonly #logs: LogSink;
  readonly #idle: Instance[] = [];
  readonly #all = new Set<Instance>();
  readonly #waiting: ((instance: Instance | undefined) => void)[] = [];
  readonly #reaper: NodeJS.Timeout;
  #limit: number;
  #stopped = false;

  constructor(settings: FunctionSettings, logs: LogSink) {
    this.settings = settings;
    this.#logs = logs;
    this.#limit = settings.reservedConcurrency ?? defaultInstances;
    this.#reaper = setInterval(() => this.#reap(), idleForMs / 4).unref();
  }

  /** Threads alive now. */
  get instances(): number {
    return this.#all.size;
  }

  /** Makes room for an event source beside the callers that there are. */
  allow(concurrency: number): void {
    if (this.settings.reservedConcurrency === undefined) this.#limit = Math.max(this.#limit, concurrency);
  }

  /** Never rejects: a failure is a result. */
  async invoke(payload: string): Promise<InvocationResult> {
    const instance = await this.#take();
    if (instance === undefined) return { kind: 'throttled' };
    const result = await instance.invoke(payload);
    if (result.kind === 'error') this.#report(result.error);
    this.#giveBack(instance);
    return result;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#reaper);
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    await Promise.all([...this.#all].map((instance) => instance.terminate()));
  }

  #take(): Promise<Instance | undefined> | Instance | undefined {
    if (this.#stopped) return undefined;
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isDead) return idle;
      this.#all.delete(idle);
    }
    if (this.#all.size < this.#limit) return this.#create();
    if (this.settings.reservedConcurrency !== undefined) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(instance: Instance): void {
    if (instance.isDead) {
      this.#all.delete(instance);
      if (!this.#stopped) this.#waiting.shift()?.(this.#create());
      return;
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(instance);
    else next(instance);
  }

  #create(): Instance {
    const instance = new Instance(this.settings, (text) => this.#logs.write(this.settings.logicalId, text));
    this.#all.add(instance);
    return instance;
  }

  #report(error: FunctionError): void {
    const { trace, ...rest } = error;
    this.#logs.write(
      this.settings.logicalId,
      JSON.stringify({ level: 'ERROR', message: 'Invoke Error', ...rest, trace }),
    );
  }

  #reap(): void {
    const before = Date.now() - idleForMs;
    const old = this.#idle.filter((instance) => instance.idleSince < before);
    for (const instance of old) {
      this.#idle.splice(this.#idle.indexOf(instance), 1);
      this.#all.delete(instance);
      void instance.terminate();
    }
  }
}
