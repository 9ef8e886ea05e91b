import { setImmediate as turn } from 'node:timers/promises';
import type { RequestResult } from '#core/attempt/outcome.ts';
import { applyChange } from '#core/circuit/apply.ts';
import { type Circuit, type CircuitBreakerConfig, cleanCircuit } from '#core/circuit/circuit.ts';
import { attentionOf } from '#core/delivery/attention.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { isSettled } from '#core/delivery/delivery.ts';
import type { DrainProgress, WatchedEndpoint } from '#core/delivery/drain.ts';
import { dueBy, release } from '#core/delivery/release.ts';
import type { EndpointRecord, EndpointStatus } from '#core/endpoint/endpoint.ts';
import { pack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { lowestEventId } from '#core/id/ids.ts';
import { type LifecycleEvent, lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import { carryPayload, decodeMessage, encodeMessage } from '#core/message/codec.ts';
import { errorDelay } from '#core/message/delays.ts';
import type { DeadLetterMessage, DeliveryMessage, DrainMessage } from '#core/message/message.ts';
import { reserve, type SlotSequence } from '#core/rate-limit/slot.ts';
import type { GivenRetryConfig } from '#core/retry/retry-policy.ts';
import { slowMark } from '#core/slow-endpoint/slow-endpoint.ts';

import type { QueueClass } from '#lambdas/deliver/env.ts';
import { handleDelivery } from '#lambdas/deliver/handle-delivery.ts';
import type { CircuitPorts, DeliverPorts } from '#lambdas/deliver/ports.ts';
import { type DrainPorts, handleDrain } from '#lambdas/fan-out/drain.ts';
import { attendEndpoint, type EndpointPorts } from '#lambdas/scheduler/endpoint.ts';

/** The function died here: nothing after it ran, not even error handling. */
export class Crash extends Error {}

interface Queued {
  readonly queue: QueueClass | 'fan-out';
  body: string;
  visibleAt: number;
  receives: number;
}

export interface WorldOptions {
  readonly retryConfig: GivenRetryConfig;
  /** Answers the nth request (from 1). */
  readonly receiver: (request: number, world: World) => RequestResult;
  /** Asked before and after every effect, with its running number: true crashes there. */
  readonly crashAt?: (step: number) => boolean;
  readonly random?: () => number;
  /** @default - none */
  readonly rateLimit?: { readonly perSecond: number };
  /** @default - no breaker */
  readonly circuitBreaker?: CircuitBreakerConfig;
  /** What reads that need not be consistent see: of the endpoint, and nothing of the event. @default - what stands */
  readonly stale?: EndpointStatus | 'missing';
  /** Told after each wait within a function. */
  readonly slept?: (world: World) => void;
  /** The event is too large to travel with its message. @default - it is not */
  readonly isLarge?: boolean;
}

export const start = Date.UTC(2026, 0, 1);
// Made by a clock one second ahead of the deliver function's, as clocks are.
export const eventId = lowestEventId(start + 1_000);
export const endpointId = 'ep_01kdvq6s00e8x8cvwq6kgm4s9s';
const payload = pack(Buffer.from('{"n":1.0}'));
const visibility = 270_000;
const tickPeriod = 60_000;

export const answered = (statusCode: number, retryAfter?: number): RequestResult => ({
  kind: 'answered',
  statusCode,
  responseHeaders: {},
  responseBody: '',
  duration: 5,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

/** What a request ends in that was cut off; it is never looked at. */
const cutOff: RequestResult = { kind: 'failed', errorClass: 'timeout', error: 'cut off', duration: 0 };

/** One delivery's world in virtual time: its item, the queues, the receiver, and functions that may die anywhere. */
export class World {
  now = start;
  readonly requests: {
    readonly at: number;
    readonly queue: QueueClass;
    readonly headers: Readonly<Record<string, string>>;
  }[] = [];
  readonly deadLetters: DeadLetterMessage[] = [];
  readonly history: Delivery[] = [];
  item: Delivery | undefined;
  status: EndpointStatus | 'deleted' = 'active';
  /** Why the system disabled it. */
  reason: string | undefined;
  /** When the status changed last. */
  since = start;
  circuit: Circuit = cleanCircuit;
  /** Circuits as they were stored, one after the other. */
  readonly circuits: Circuit[] = [];
  readonly announced: string[] = [];
  unrouted = false;
  /** How many messages of others wait in each queue. */
  waiting = 0;
  slowUntil: number | undefined;
  /** Who waits for the rate limit. */
  slots: SlotSequence | undefined;
  /** How often it was marked. */
  marks = 0;
  private readonly bells = new Set<{ readonly at: number; readonly ring: () => void }>();
  private watched: WatchedEndpoint | undefined;
  reports = 0;
  private readonly queue: Queued[] = [];
  private readonly options: WorldOptions;
  private steps = 0;

  constructor(options: WorldOptions) {
    this.options = options;
    this.enqueue('normal', encodeMessage(this.firstMessage()), 0);
  }

  /** Sends the first message once more, as a standard queue may. */
  duplicate(): void {
    this.enqueue('normal', encodeMessage(this.firstMessage()), 0);
  }

  /** Runs until nothing is queued, due or held by time, or the virtual time given (ms after the start) is over. */
  async run(until = 10 * 24 * 3_600_000): Promise<void> {
    let nextTick = this.now + tickPeriod;
    while (this.now - start < until) {
      const next = this.queue.reduce((first, { visibleAt }) => Math.min(first, visibleAt), Infinity);
      const waiting = this.item && !isSettled(this.item.state);
      if (next === Infinity && !waiting && !this.watched) return;
      if (next <= nextTick) {
        this.now = Math.max(this.now, next);
        await this.receive();
      } else {
        this.now = nextTick;
        nextTick += tickPeriod;
        await this.tick();
      }
    }
  }

  pause(): void {
    this.change('paused');
  }

  /** As the API does it: state and attention in one transaction, then the first step of the drain. */
  resume(): void {
    const { epoch } = this.circuit;
    this.circuit = { ...cleanCircuit, epoch: epoch + 1, since: this.now };
    this.change('active');
    this.enqueueStep(0, 0);
  }

  private change(status: EndpointStatus): void {
    this.status = status;
    this.since = this.now;
    this.watch();
  }

  private watch(): void {
    const { announced } = this.watched ?? {};
    const entry = { endpointId, applicationId: 'default', since: this.now };
    this.watched = announced === undefined ? entry : { ...entry, announced };
  }

  private announce(event: LifecycleEvent): void {
    this.effect(() => this.announced.push(event.type === 'endpoint.disabled' ? event.reason : event.type));
    this.effect(() => {
      if (this.watched) this.watched = { ...this.watched, announced: lifecycleId(event) };
    });
  }

  private async tick(): Promise<void> {
    try {
      await release(this.releasePorts(), { endpointId, eventId }, dueBy(this.now + 90_000), this.now);
      const entry = this.watched;
      if (entry && (await attendEndpoint(entry, this.endpointPorts())).done && this.watched === entry) {
        this.watched = undefined;
      }
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  private async receive(): Promise<void> {
    const message = this.queue.find(({ visibleAt }) => visibleAt <= this.now);
    if (!message) return;
    message.receives += 1;
    message.visibleAt = this.now + visibility;
    try {
      if ((await this.handle(message)) === 'done') {
        this.step();
        this.queue.splice(this.queue.indexOf(message), 1);
      }
    } catch (error) {
      if (!(error instanceof Crash)) message.visibleAt = this.now + errorDelay(message.receives);
    }
  }

  private async handle(message: Queued): Promise<'done' | 'keep'> {
    if (message.queue === 'fan-out') {
      const body = decodeMessage(message.body);
      if (body.kind !== 'drain') throw new Error(`expected a step of a drain, got ${body.kind}`);
      await handleDrain(body, this.drainPorts());
      return 'done';
    }
    const received = { body: message.body, receiptHandle: 'r', receiveCount: message.receives };
    return handleDelivery(received, this.ports(message, message.queue));
  }

  private ports(message: Queued, queueClass: QueueClass): DeliverPorts {
    return {
      queueClass,
      version: '0',
      now: () => this.now,
      random: this.options.random ?? (() => 0.5),
      newClaimId: () => `claim-${this.steps}`,
      endpoint: async (_, { consistent }) => this.record(consistent ? this.status : this.staleStatus()),
      ...this.stores(),
      event: async (_application, _event, { consistent }) =>
        consistent || this.options.stale === undefined ? this.event() : undefined,
      send: async (request) => {
        this.step();
        this.requests.push({ at: this.now, queue: queueClass, headers: request.headers });
        const result = this.options.receiver(this.requests.length, this);
        const isWhole = await this.pass(result.duration, request.signal);
        this.step();
        return isWhole ? result : cutOff;
      },
      after: (delay, ring) => this.ringAfter(delay, ring),
      // Without a crash of its own: it never rejects, and there are steps right before and after it.
      markSlow: async () => this.markSlow(),
      sleep: async (delay) => {
        this.now += delay;
        this.options.slept?.(this);
      },
      reserve: async (record, perSecond, lostAt) => {
        this.step();
        const asOf = record.endpoint.updatedAt;
        const reservation = { perSecond, count: 1, asOf, ...(lostAt === undefined ? {} : { lostAt }) };
        const { at, slots } = reserve(this.slots, reservation, this.now);
        this.slots = slots;
        this.step();
        return at;
      },
      waiting: async () => this.waiting,
      divert: async (body) => this.effect(() => this.enqueue('slow', encodeMessage(body), 0)),
      wake: async (body, delay) => this.effect(() => this.enqueue('retry', encodeMessage(body), delay)),
      sendAgain: async ({ body }, delay) => this.effect(() => this.enqueue('retry', body, delay)),
      deadLetter: async (letter) => this.effect(() => this.deadLetters.push(letter)),
      expired: async ({ state }) => this.effect(() => this.announced.push(state.status)),
      disable: async (_, reason, asOf) => {
        if (this.status === 'disabled' || this.since > asOf) return;
        this.effect(() => this.watch());
        this.effect(() => {
          this.status = 'disabled';
          this.reason = reason;
          this.since = this.now;
        });
        const { since } = this;
        this.announce({ type: 'endpoint.disabled', applicationId: 'default', endpointId, reason, since });
      },
      circuits: this.circuitPorts(),
      postpone: async (_, delay) =>
        this.effect(() => {
          message.visibleAt = this.now + delay;
        }),
      report: () => {
        this.reports += 1;
      },
    };
  }

  private markSlow(): void {
    const mark = slowMark(this.slowUntil, this.now);
    if (mark) this.marks += 1;
    this.slowUntil = mark?.until ?? this.slowUntil;
  }

  private ringAfter(delay: number, ring: () => void): () => void {
    const bell = { at: this.now + delay, ring };
    this.bells.add(bell);
    return () => void this.bells.delete(bell);
  }

  /** Time goes by during a request; false when it was cut off before the end. */
  private async pass(duration: number, signal: AbortSignal): Promise<boolean> {
    const end = this.now + duration;
    for (;;) {
      const [next] = [...this.bells].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.bells.delete(next);
      this.now = next.at;
      next.ring();
      await turn();
      if (signal.aborted) return false;
    }
    this.now = end;
    return true;
  }

  private circuitPorts(): CircuitPorts {
    return {
      apply: async (_, change) => {
        this.step();
        const next = applyChange(this.circuit, change);
        if (next) {
          this.circuit = next;
          this.circuits.push(next);
        }
        this.step();
        return { applied: next !== undefined, circuit: this.circuit };
      },
      watch: async () => this.effect(() => this.watch()),
      drain: async () => this.effect(() => this.enqueueStep(0, 0)),
      announce: async (type, { applicationId }, epoch) =>
        this.announce({ type, applicationId, endpointId, epoch }),
      aliveAt: () => undefined,
      sawAlive: () => undefined,
    };
  }

  private heldPage(until = Infinity) {
    const attention = this.item && attentionOf(this.item);
    const isHeld = attention?.key.startsWith('HELD#') === true && attention.at <= until;
    return { items: isHeld ? [{ endpointId, eventId }] : [] };
  }

  // The one delivery lies in one of the shards; which one does not matter.
  private endpointPorts(): EndpointPorts {
    return {
      ...this.releasePorts(),
      now: () => this.now,
      hasTime: () => true,
      endpoint: async () => this.record(),
      held: async (_, shard, page) => (shard === 0 ? this.heldPage(page?.until) : { items: [] }),
      unroute: async () => {
        if (this.status === 'disabled') this.unrouted = true;
      },
      drain: async (_, step) => this.effect(() => this.enqueueStep(step, 0)),
      expired: async ({ state }) => this.effect(() => this.announced.push(state.status)),
      announce: async (event) => this.announce(event),
    };
  }

  private drainPorts(): DrainPorts {
    return {
      ...this.releasePorts(),
      now: () => this.now,
      endpoint: async () => this.record(),
      attention: {
        watched: async () => this.watched,
        takeStep: async (entry: WatchedEndpoint, drain: DrainProgress) => {
          this.step();
          if (this.watched !== entry) return false;
          this.watched = { ...entry, drain };
          this.step();
          return true;
        },
      },
      held: async (_, shard) => (shard === 0 ? this.heldPage() : { items: [] }),
      queueStep: async (message, delay) => this.effect(() => this.enqueueStep(message.step, delay)),
    };
  }

  private enqueueStep(step: number, delay: number): void {
    const message: DrainMessage = { v: 1, kind: 'drain', applicationId: 'default', endpointId, step };
    this.enqueue('fan-out', encodeMessage(message), delay);
  }

  private stores() {
    return {
      deliveries: {
        get: async () => this.item,
        store: async (next: Delivery) => {
          this.step();
          if ((this.item?.revision ?? 0) !== next.revision - 1) return { standing: this.item };
          this.item = next;
          this.history.push(next);
          this.step();
          return 'stored' as const;
        },
      },
    };
  }

  private releasePorts() {
    const wake = async (_: Delivery, body: DeliveryMessage, delay: number) =>
      this.effect(() => this.enqueue('retry', encodeMessage(body), Math.min(delay, 900_000)));
    return { ...this.stores(), wake };
  }

  private effect(happen: () => unknown): void {
    this.step();
    happen();
    this.step();
  }

  private step(): void {
    this.steps += 1;
    if (this.options.crashAt?.(this.steps)) throw new Crash(`at step ${this.steps}`);
  }

  private enqueue(queue: Queued['queue'], body: string, delay: number): void {
    this.queue.push({ queue, body, visibleAt: this.now + delay, receives: 0 });
  }

  private staleStatus(): EndpointStatus | 'deleted' {
    const { stale = this.status } = this.options;
    return stale === 'missing' ? 'deleted' : stale;
  }

  private record(status = this.status): EndpointRecord | undefined {
    if (status === 'deleted') return undefined;
    return {
      state: {
        ...{ status, since: this.since },
        ...(this.reason === undefined ? {} : { reason: this.reason }),
      },
      circuit: this.circuit,
      ...(this.slowUntil === undefined ? {} : { slowUntil: this.slowUntil }),
      endpoint: {
        id: endpointId,
        applicationId: 'default',
        name: 'simulated',
        url: 'https://receiver.example',
        events: ['*'],
        headers: {},
        timeout: 30_000,
        priority: 'normal',
        retryConfig: this.options.retryConfig,
        circuitBreaker: this.options.circuitBreaker ?? { enabled: false, threshold: 5, timeout: 60_000 },
        ...(this.options.rateLimit === undefined ? {} : { rateLimit: this.options.rateLimit }),
        secrets: [{ value: 'a-secret-of-some-length', createdAt: start }],
        signatureHeader: 'X-Hook0-Signature',
        metadata: {},
        createdAt: start,
        updatedAt: start,
      },
    };
  }

  private event(): StoredEvent {
    return {
      id: eventId,
      applicationId: 'default',
      type: 'order.created',
      tags: [],
      timestamp: start,
      deliverAt: start,
      payload,
      endpointCount: 1,
      endpoints: [{ endpointId, priority: 'normal' }],
    };
  }

  private firstMessage(): DeliveryMessage {
    return {
      v: 1,
      kind: 'delivery',
      applicationId: 'default',
      endpointId,
      eventId,
      priority: 'normal',
      generation: 1,
      first: true,
      ...(this.options.isLarge
        ? {}
        : { event: { type: 'order.created', timestamp: start, payload: carryPayload(payload) } }),
    };
  }
}
