import { setTimeout as sleep } from 'node:timers/promises';
import { Instance } from './instance.ts';
import type { LogSink } from './logs.ts';
import type { FunctionError } from './protocol.ts';
import type { FunctionSettings, InvocationResult } from './settings.ts';

/** Without reserved concurrency AWS allows 1,000 instances, but as many threads would slow this machine down. */
const defaultInstances = 10;
const idleForMs = 60_000;
/**
 * How long a caller waits for a busy instance before another one starts; they start one at a time. AWS starts one at once,
 * on another machine. Here a start slows down the invocations that the caller waits for.
 */
const patienceMs = 100;

/** A function with its instances: it uses warm ones, then starts new ones up to a limit, then callers wait. */
export class LambdaFunction {
  readonly settings: FunctionSettings;
  readonly #logs: LogSink;
  readonly #idle: Instance[] = [];
  readonly #all = new Set<Instance>();
  readonly #waiting: ((instance: Instance | undefined) => void)[] = [];
  readonly #reaper: NodeJS.Timeout;
  #limit: number;
  #underWay = 0;
  #isGrowing = false;
  #stopped = false;

  constructor(settings: FunctionSettings, logs: LogSink) {
    this.settings = settings;
    this.#logs = logs;
    this.#limit = settings.reservedConcurrency ?? defaultInstances;
    this.#reaper = setInterval(() => this.#reap(), idleForMs / 4).unref();
  }

  /** The number of live threads. */
  get instances(): number {
    return this.#all.size;
  }

  /** Raises the limit for an event source. */
  allow(concurrency: number): void {
    if (this.settings.reservedConcurrency === undefined) this.#limit = Math.max(this.#limit, concurrency);
  }

  /** Never rejects: a failure is a result. */
  async invoke(payload: string): Promise<InvocationResult> {
    const { reservedConcurrency = Number.POSITIVE_INFINITY } = this.settings;
    if (this.#stopped || this.#underWay >= reservedConcurrency) return { kind: 'throttled' };
    this.#underWay += 1;
    try {
      const instance = await this.#take();
      if (instance === undefined) return { kind: 'throttled' };
      const result = await instance.invoke(payload);
      if (result.kind === 'error') this.#report(result.error);
      this.#giveBack(instance);
      return result;
    } finally {
      this.#underWay -= 1;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#reaper);
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    await Promise.all([...this.#all].map((instance) => instance.terminate()));
  }

  #take(): Promise<Instance | undefined> | Instance {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isDead) return idle;
      this.#all.delete(idle);
    }
    if (this.#all.size === 0) return this.#create();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      void this.#grow();
    });
  }

  #giveBack(instance: Instance): void {
    if (!instance.isDead) {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(instance);
      else next(instance);
      return;
    }
    this.#all.delete(instance);
    if (this.#all.size === 0) this.#waiting.shift()?.(this.#create());
    void this.#grow();
  }

  /** Adds instances, one after the other, while callers wait. */
  async #grow(): Promise<void> {
    if (this.#isGrowing) return;
    this.#isGrowing = true;
    while (this.#isShort()) {
      await sleep(patienceMs, undefined, { ref: false });
      if (!this.#isShort()) break;
      const instance = this.#create();
      await instance.initialised;
      const next = this.#waiting.shift();
      // An instance that failed to start goes to a caller too, which then receives the reason.
      if (next === undefined) this.#giveBack(instance);
      else next(instance);
    }
    this.#isGrowing = false;
  }

  #isShort(): boolean {
    return !this.#stopped && this.#waiting.length > 0 && this.#all.size < this.#limit;
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
