import type { RequestResult } from '#core/attempt/outcome.ts';
import type { LifecycleEvent } from '#core/lifecycle/lifecycle-event.ts';
import { errorDelay } from '#core/message/delays.ts';
import type { AttemptReport, OutgoingRequest } from '#lambdas/deliver/ports.ts';
import { reconcile } from '#lambdas/reconcile/reconcile.ts';
import { tick } from '#lambdas/scheduler/tick.ts';
import { memoryStores } from '#test/support/memory/stores.ts';
import { createTables } from '#test/support/memory/tables.ts';
import { VirtualClock } from './clock.ts';
import { Conditions } from './conditions.ts';
import { type Call, Death, type Life, suffer } from './faults.ts';
import { reconcilePorts, schedulerPorts } from './functions/background.ts';
import { consume, consumerOf } from './functions/consume.ts';
import { idsOf } from './ids.ts';
import { type Queued, type QueueName, Queues, queueNames } from './queues.ts';
import { type Received, type Receiver, Receivers } from './receivers.ts';
import { type Ground, type Services, servicesOf } from './services.ts';
import { areSettled, hasUnstored, isAttended } from './state.ts';

export const start = Date.UTC(2026, 0, 1);
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

// As far as the scheduler looks ahead.
const lookAhead = 90 * second;
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

  private running = 0;
  private readonly runningOf = new Map<QueueName, number>();
  /** When the scheduler ran last. It runs a minute later, unless it would find nothing to do. */
  lastTick: number;
  private lastSweep: number;
  private claims = 0;
  private invocations = 0;

  constructor(now = start) {
    super();
    this.clock = new VirtualClock(now);
    this.tables = createTables(() => this.clock.now);
    this.stores = memoryStores(this.tables);
    this.queues = new Queues(this.clock);
    this.receivers = new Receivers(this.clock);
    this.ids = idsOf(() => this.clock.now);
    this.lastTick = now;
    this.lastSweep = now;
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
    await this.pass(this.callTime(call));
    if (life.isOver) throw new Death('the function is dead');
    return suffer(this.faults(call), life, call, async () => {
      const result = await work();
      this.onEffect(call, result);
      return result;
    });
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

  /** Lets time pass while no function runs. */
  wait(duration: number): Promise<void> {
    return this.clock.run(this.clock.now + duration);
  }

  /** Lets time pass until this is done, while no function begins. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
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
    const queue = this.nextQueue();
    if (queue) await this.during(() => this.consume(queue));
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
    try {
      return await work(servicesOf(this, by, { isOver: false }, this.skew()));
    } finally {
      this.running -= 1;
    }
  }

  /** The same for a function that nothing waits for. */
  private async live(by: string, work: (services: Services) => Promise<unknown>): Promise<void> {
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
    const [tickAt, sweepAt] = [this.nextTick(), this.nextSweep(now)];
    if (tickAt <= now) {
      this.lastTick = tickAt;
      void this.scheduler();
    } else if (sweepAt <= now) {
      this.lastSweep = sweepAt;
      void this.live('reconcile', (services) => reconcile(reconcilePorts(services)));
    } else {
      const queue = this.nextQueue();
      if (!queue) return false;
      void this.consume(queue);
    }
    return true;
  }

  /** When something happens next. */
  private nextMoment(): number {
    if (this.running >= this.atOnce) return this.clock.next();
    const next = Math.min(this.clock.next(), this.nextTick());
    return Math.min(next, this.nextSweep(next));
  }

  /** Ticks are left out that would find nothing to do, and those that were missed while nothing ran. */
  private nextTick(): number {
    const passed = Math.floor((this.clock.now - this.lastTick) / minute);
    const following = this.lastTick + Math.max(1, passed) * minute;
    if (this.tables.watched.size > 0) return following;
    const due = this.tables.index.nextDue() - lookAhead - this.lastTick;
    return Math.max(following, this.lastTick + Math.ceil(due / minute) * minute);
  }

  /** The next whole hour, if it comes by then and an accepted delivery has no item; Infinity otherwise. */
  private nextSweep(by: number): number {
    if (!this.hasReconcile) return Number.POSITIVE_INFINITY;
    const following = Math.max(this.lastSweep + hour, Math.floor(this.clock.now / hour) * hour);
    return following <= by && hasUnstored(this.tables) ? following : Number.POSITIVE_INFINITY;
  }

  /** The queue whose message waits for longest among those that a function is free for. */
  private nextQueue(): QueueName | undefined {
    const free = queueNames.filter((queue) => {
      const slots = this.slots[queue] ?? Number.POSITIVE_INFINITY;
      return (
        queue !== 'dead-letter' && this.queues.waiting(queue) > 0 && (this.runningOf.get(queue) ?? 0) < slots
      );
    });
    return free.toSorted((a, b) => this.queues.visibleSince(a) - this.queues.visibleSince(b))[0];
  }

  private async consume(queue: QueueName): Promise<void> {
    const batch: Queued[] = [];
    for (let message = this.take(queue); message; message = this.take(queue)) {
      batch.push(message);
      if (batch.length === this.batchSize) break;
    }
    this.runningOf.set(queue, (this.runningOf.get(queue) ?? 0) + 1);
    await this.live(consumerOf(queue), (services) =>
      Promise.all(batch.map((message) => this.handle(services, message))),
    );
    this.runningOf.set(queue, (this.runningOf.get(queue) ?? 1) - 1);
  }

  private take(queue: QueueName): Queued | undefined {
    const message = this.queues.receive(queue, this.pick);
    if (message) this.onReceive(message);
    return message;
  }

  /** As the function's handler and Lambda do it together: no message's failure is that of another one. */
  private async handle(services: Services, message: Queued): Promise<void> {
    try {
      if ((await consume(services, message)) === 'keep') return;
      const call = { by: 'lambda', name: 'acknowledge', args: [] };
      await this.effect(services.life, call, () => this.queues.delete(message));
    } catch (error) {
      this.errors.push(error);
      if (!(error instanceof Death)) this.queues.postpone(message, errorDelay(message.receives));
    } finally {
      this.queues.land(message);
    }
  }
}
