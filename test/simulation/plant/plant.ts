import type { RequestResult } from '#core/attempt/outcome.ts';
import { createCache } from '#core/concurrency/cache.ts';
import type { LifecycleEvent } from '#core/lifecycle/lifecycle-event.ts';
import type { AttemptReport, OutgoingRequest } from '#lambdas/deliver/ports.ts';
import { reconcile } from '#lambdas/reconcile/reconcile.ts';
import { tick } from '#lambdas/scheduler/tick.ts';
import { memoryStores } from '#test/support/memory/stores.ts';
import { createTables } from '#test/support/memory/tables.ts';
import { VirtualClock } from './clock.ts';
import { Conditions } from './conditions.ts';
import { type Call, Death, Life, suffer, Trouble } from './faults.ts';
import { reconcilePorts, schedulerPorts } from './functions/background.ts';
import { idsOf } from './ids.ts';
import { Pollers } from './pollers.ts';
import { type QueueName, Queues } from './queues.ts';
import { type Received, type Receiver, Receivers } from './receivers.ts';
import { type Ground, type Services, servicesOf } from './services.ts';
import { areSettled, hasUnstored, isAttended } from './state.ts';
import { Timetable } from './timetable.ts';

export const start = Date.UTC(2026, 0, 1);
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

// A call of a function for which this little time is left is not made: `until` in sqs-batch.ts.
const givenUpBefore = 5 * second;
// Far more than any scenario needs: what is not settled then never will be.
const mostInvocations = 400_000;

/**
 * All functions over tables and queues in memory, in virtual time. Every call that a function makes goes through
 * `effect`, which decides when it happens and what goes wrong with it.
 */
export class Plant extends Conditions implements Ground {
  readonly clock: VirtualClock;
  readonly tables: Ground['tables'];
  readonly stores: Ground['stores'];
  readonly queues: Queues;
  readonly receivers: Receivers;
  readonly announced: LifecycleEvent[] = [];
  readonly reports: AttemptReport[] = [];
  readonly errors: unknown[] = [];
  readonly ids: Ground['ids'];

  readonly handledOnce: Ground['handledOnce'] = createCache({});
  readonly timetable: Timetable;

  private running = 0;
  private readonly pollers = new Pollers(this);
  private claims = 0;
  private invocations = 0;
  private isDriven = false;

  constructor(now = start, retentionDays = 30) {
    super();
    this.clock = new VirtualClock(now);
    this.tables = createTables(() => this.clock.now, retentionDays);
    this.stores = memoryStores(this.tables);
    this.queues = new Queues(this.clock);
    this.receivers = new Receivers(this.clock);
    this.ids = idsOf(() => this.clock.now);
    this.timetable = new Timetable(this.clock, this.tables, now);
  }

  get now(): number {
    return this.clock.now;
  }

  get requests(): readonly Received[] {
    return this.receivers.requests;
  }

  set receiver(answer: Receiver) {
    this.receivers.answer = answer;
  }

  readonly newClaimId = (): string => {
    this.claims += 1;
    return `claim-${this.claims}`;
  };

  async effect<Result>(life: Life, call: Call, work: () => Result | Promise<Result>): Promise<Result> {
    await this.pass(this.callTime(call, life));
    const left = life.startedAt + this.timeLimit(life.by) - this.clock.now;
    if (left < 0) life.end();
    if (life.isOver) throw new Death('the function is dead');
    if (left < givenUpBefore && call.by !== 'lambda') throw new Trouble(`is out of time for ${call.name}`);
    const fault = this.faults(call, life);
    this.onCall(call, life, fault);
    const done = async () => {
      const result = await work();
      this.onEffect(call, result, life);
      return result;
    };
    return suffer(fault, life, call, done, () => this.pass(this.callTime(call, life)));
  }

  request(queue: QueueName, request: OutgoingRequest): Promise<RequestResult> {
    return this.receivers.request(queue, request);
  }

  async sleep(delay: number): Promise<void> {
    await this.clock.sleep(delay + this.oversleep());
    this.onWake();
  }

  waiting(queue: QueueName): number {
    return this.othersWaiting + this.queues.waiting(queue);
  }

  routed(): readonly { readonly endpointId: string }[] {
    return [...this.tables.endpoints].flatMap(([endpointId, { isRouted }]) =>
      isRouted ? { endpointId } : [],
    );
  }

  /** Lets functions run until each delivery is settled and nothing is queued or watched any more, or until then. */
  async run(until = Number.POSITIVE_INFINITY): Promise<void> {
    this.isDriven = true;
    try {
      await this.drive(until);
    } finally {
      this.isDriven = false;
    }
  }

  private async drive(until: number): Promise<void> {
    for (;;) {
      await this.clock.settle();
      if (this.begin()) continue;
      if (this.running === 0 && this.clock.next() === Number.POSITIVE_INFINITY && this.isQuiet()) return;
      const next = this.nextMoment();
      if (next > until) {
        this.clock.now = Math.max(this.clock.now, until);
        return;
      }
      if (next === Number.POSITIVE_INFINITY) throw new Error('nothing will happen to what is not settled');
      if (this.invocations > mostInvocations)
        throw new Error(`is not quiet after ${(next - start) / hour} hours`);
      if (next < this.clock.next()) this.clock.now = Math.max(this.clock.now, next);
      else this.clock.step();
    }
  }

  /** Lets end what is under way, while nothing else begins. */
  async finish(): Promise<void> {
    for (await this.clock.settle(); this.running > 0; await this.clock.settle()) this.clock.step();
  }

  /** Lets time pass while no function runs or, for what happens during a run, waits. */
  wait(duration: number): Promise<void> {
    return this.isDriven ? this.clock.sleep(duration) : this.clock.run(this.clock.now + duration);
  }

  /** Lets time pass until this is done, while no function begins. During a run functions go on. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.isDriven) return work();
    let isDone = false;
    const result = work().finally(() => {
      isDone = true;
    });
    // It is awaited below; until then a failure must not count as unhandled.
    result.catch(() => undefined);
    for (await this.clock.settle(); !isDone; await this.clock.settle()) {
      if (this.clock.next() === Number.POSITIVE_INFINITY) throw new Error('waits for what will never happen');
      this.clock.step();
    }
    return result;
  }

  /** Handles the messages that one invocation receives; nothing when no message is visible. */
  async receive(): Promise<void> {
    const queue = this.pollers.nextQueue();
    if (queue) await this.during(() => this.pollers.consume(queue));
  }

  /** Runs the scheduler, and nothing else meanwhile. */
  tick(): Promise<void> {
    return this.during(() => this.scheduler());
  }

  /** One run of the scheduler, whose time something else must let pass. */
  scheduler(): Promise<void> {
    return this.live('scheduler', (services) => tick(schedulerPorts(services)));
  }

  isQuiet(): boolean {
    const { queues, tables, hasReconcile } = this;
    return (
      queues.isEmpty() && areSettled(tables) && isAttended(tables) && !(hasReconcile && hasUnstored(tables))
    );
  }

  /** Runs a function once. */
  async invoke<Result>(by: string, work: (services: Services) => Promise<Result>): Promise<Result> {
    this.running += 1;
    this.invocations += 1;
    const life = new Life(by, this.invocations, this.clock.now);
    try {
      return await work(servicesOf(this, life, this.skew()));
    } finally {
      this.running -= 1;
      // What it has not finished by then never goes on.
      if (this.freezes()) life.end();
    }
  }

  /** The same for a function that nothing waits for. */
  async live(by: string, work: (services: Services) => Promise<unknown>): Promise<void> {
    try {
      await this.invoke(by, work);
    } catch (error) {
      this.errors.push(error);
    }
  }

  private async pass(time: number): Promise<void> {
    if (time <= 0) return;
    // Where functions run one by one, so do the calls of each, and most of them have the clock to themselves.
    if (this.atOnce === 1 && this.clock.next() > this.clock.now + time) this.clock.now += time;
    else await this.clock.sleep(time);
  }

  /** Begins what may begin now. False when there is nothing. */
  private begin(): boolean {
    if (this.running >= this.atOnce) return false;
    const { now } = this.clock;
    const { timetable } = this;
    if (timetable.takeTick()) {
      for (let left = this.ticksAtOnce(); left > 0; left -= 1) void this.scheduler();
    } else if (this.hasReconcile && timetable.takeSweep(now)) {
      void this.live('reconcile', (services) => reconcile(reconcilePorts(services)));
    } else {
      const queue = this.pollers.nextQueue();
      if (!queue) return false;
      void this.pollers.consume(queue);
    }
    return true;
  }

  /** When something happens next. */
  private nextMoment(): number {
    if (this.running >= this.atOnce) return this.clock.next();
    const next = Math.min(this.clock.next(), this.timetable.nextTick());
    return this.hasReconcile ? Math.min(next, this.timetable.nextSweep(next)) : next;
  }
}
