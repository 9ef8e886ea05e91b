import type { RequestResult } from '#core/attempt/outcome.ts';
import { applyChange } from '#core/circuit/apply.ts';
import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { dueBy, release } from '#core/delivery/release.ts';
import type { Endpoint, EndpointStatus } from '#core/endpoint/endpoint.ts';
import { pack } from '#core/event/compression.ts';
import { carryPayload, encodeMessage } from '#core/message/codec.ts';
import { errorDelay } from '#core/message/delays.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { reserve, type SlotSequence } from '#core/rate-limit/slot.ts';
import { slowMark } from '#core/slow-endpoint/slow-endpoint.ts';
import type { QueueClass } from '#lambdas/deliver/env.ts';
import { handleDelivery } from '#lambdas/deliver/handle-delivery.ts';
import type { DeliverPorts } from '#lambdas/deliver/ports.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { eventOf, idsAt } from '#test/support/deliveries.ts';
import { VirtualClock } from './plant/clock.ts';
import { answered } from './world.ts';

/** How an endpoint answers: after so many milliseconds with this status. */
export interface Answering {
  readonly after: number;
  readonly status: number;
}

export interface Posted {
  readonly endpointId: string;
  readonly at: number;
  /** When its first request arrived. */
  firstAt?: number;
  requests: number;
}

interface Queued {
  readonly body: string;
  readonly group: string;
  readonly eventId: string;
  visibleAt: number;
  receives: number;
}

interface Queue {
  readonly messages: Queued[];
  /** Invocations that may run at a time. */
  readonly slots: number;
  readonly inFlight: Map<string, number>;
  running: number;
}

export interface ManyOptions {
  readonly now: number;
  readonly slots: Readonly<Record<QueueClass, number>>;
  /** The queue hands out messages of whoever has fewest in flight, as SQS does. @default false: first in, first out */
  readonly isFair?: boolean;
  /** Milliseconds by which a queue hands out a message late. @default - in time */
  readonly lateness?: () => number;
  /** Whether a call of a table or queue fails. @default - none does */
  readonly fails?: (when: 'before' | 'after') => boolean;
  /** Milliseconds by which a function sleeps too long. @default - in time */
  readonly oversleep?: () => number;
  /** Milliseconds by which the clock of an invocation is ahead. @default - none is */
  readonly skew?: () => number;
}

// As long as a call of a table or a queue takes.
const callTime = 5;
const batchSize = 10;
const visibility = 270_000;
const tickPeriod = 60_000;
const lookAhead = 90_000;

/**
 * Many endpoints, the five delivery queues and their functions' slots, in virtual time: the real handling of records,
 * and nothing that helps it. Queues are first in, first out unless told otherwise.
 */
export class ManyEndpoints {
  readonly clock: VirtualClock;
  readonly posted = new Map<string, Posted>();
  readonly items = new Map<string, Delivery>();
  /** Requests of each endpoint, when they arrived. */
  readonly arrivals = new Map<string, number[]>();
  /** How often messages of each event were received. */
  readonly receives = new Map<string, number>();
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly answers = new Map<string, Answering>();
  private readonly statuses = new Map<string, EndpointStatus>();
  private readonly circuits = new Map<string, Circuit>();
  private readonly slowMarks = new Map<string, number>();
  private readonly sequences = new Map<string, SlotSequence>();
  private readonly queues: Readonly<Record<QueueClass, Queue>>;
  private readonly options: ManyOptions;
  private claims = 0;

  constructor(options: ManyOptions) {
    const { now, slots } = options;
    this.options = options;
    this.clock = new VirtualClock(now);
    const queue = (name: QueueClass): Queue => ({
      messages: [],
      slots: slots[name],
      inFlight: new Map(),
      running: 0,
    });
    this.queues = {
      high: queue('high'),
      normal: queue('normal'),
      low: queue('low'),
      retry: queue('retry'),
      slow: queue('slow'),
    };
  }

  /** @returns its id */
  add(answering: Answering, given: Partial<Endpoint> = {}): string {
    const id = idsAt(this.clock.now).endpoint();
    this.endpoints.set(id, anEndpoint({ id, ...given }));
    this.answers.set(id, answering);
    return id;
  }

  edit(id: string, change: Partial<Endpoint>): void {
    const endpoint = this.endpoints.get(id);
    if (endpoint) this.endpoints.set(id, { ...endpoint, ...change });
  }

  change(id: string, status: EndpointStatus): void {
    this.statuses.set(id, status);
  }

  remove(id: string, field: 'rateLimit'): void {
    const endpoint = this.endpoints.get(id);
    if (!endpoint) return;
    const { [field]: _, ...rest } = endpoint;
    this.endpoints.set(id, rest);
  }

  slotsOf(id: string): SlotSequence | undefined {
    return this.sequences.get(id);
  }

  post(endpointId: string): void {
    const { now } = this.clock;
    const eventId = idsAt(now).event();
    this.posted.set(eventId, { endpointId, at: now, requests: 0 });
    this.send('normal', {
      ...{ v: 1, kind: 'delivery', applicationId: 'acme', endpointId, eventId },
      ...{ priority: 'normal', generation: 1, first: true },
      event: { type: 'a.b', timestamp: now, payload: carryPayload(pack(Buffer.from('{}'))) },
    });
  }

  /** The scheduler's minutes, until the time given (epoch milliseconds). */
  async tickUntil(end: number): Promise<void> {
    for (let at = this.clock.now + tickPeriod; at <= end; at += tickPeriod)
      this.clock.after(at - this.clock.now, () => void this.tick());
    await this.clock.run(end);
  }

  private async tick(): Promise<void> {
    const until = this.clock.now + lookAhead;
    const ports = {
      deliveries: {
        get: async (_: string, eventId: string) => this.items.get(eventId),
        store: async (next: Delivery) => this.store(next),
      },
      wake: async (_: Delivery, message: DeliveryMessage, delay: number) =>
        this.send('retry', message, delay),
    };
    for (const delivery of [...this.items.values()])
      await release(ports, delivery, dueBy(until), this.clock.now);
  }

  private store(next: Delivery): 'stored' | { readonly standing: Delivery | undefined } {
    const standing = this.items.get(next.eventId);
    if ((standing?.revision ?? 0) !== next.revision - 1) return { standing };
    this.items.set(next.eventId, next);
    return 'stored';
  }

  private send(name: QueueClass, message: DeliveryMessage, delay = 0): void {
    // Whole seconds, as SQS knows them.
    const late = this.options.lateness?.() ?? 0;
    const visibleAt = this.clock.now + Math.ceil(delay / 1_000) * 1_000 + late;
    const { endpointId: group, eventId } = message;
    const queued = { body: encodeMessage(message), group, eventId, visibleAt, receives: 0 };
    this.queues[name].messages.push(queued);
    this.clock.after(visibleAt - this.clock.now, () => this.poll(name));
  }

  private poll(name: QueueClass): void {
    const queue = this.queues[name];
    while (queue.running < queue.slots) {
      const batch = this.receive(queue);
      if (batch.length === 0) return;
      queue.running += 1;
      void this.invoke(name, batch).then(() => {
        queue.running -= 1;
        this.poll(name);
      });
    }
  }

  private receive(queue: Queue): Queued[] {
    const batch: Queued[] = [];
    const flying = (group: string) => queue.inFlight.get(group) ?? 0;
    while (batch.length < batchSize) {
      const visible = queue.messages.filter(({ visibleAt }) => visibleAt <= this.clock.now);
      const [oldest] = visible;
      if (!oldest) break;
      const next = this.options.isFair
        ? visible.reduce((least, one) => (flying(one.group) < flying(least.group) ? one : least))
        : oldest;
      next.visibleAt = this.clock.now + visibility;
      next.receives += 1;
      this.receives.set(next.eventId, (this.receives.get(next.eventId) ?? 0) + 1);
      queue.inFlight.set(next.group, flying(next.group) + 1);
      batch.push(next);
    }
    return batch;
  }

  private async invoke(name: QueueClass, batch: readonly Queued[]): Promise<void> {
    const queue = this.queues[name];
    const skew = this.options.skew?.() ?? 0;
    await Promise.all(
      batch.map(async (message) => {
        const received = { body: message.body, receiptHandle: 'r', receiveCount: message.receives };
        try {
          const handled = await handleDelivery(received, this.ports(name, message, skew));
          if (handled === 'done') queue.messages.splice(queue.messages.indexOf(message), 1);
        } catch {
          message.visibleAt = this.clock.now + errorDelay(message.receives);
          this.clock.after(errorDelay(message.receives), () => this.poll(name));
        }
        queue.inFlight.set(message.group, (queue.inFlight.get(message.group) ?? 1) - 1);
      }),
    );
  }

  private ports(queueClass: QueueClass, received: Queued, skew: number): DeliverPorts {
    const { clock } = this;
    return {
      queueClass,
      version: '0',
      now: () => clock.now + skew,
      random: () => 0.5,
      newClaimId: () => {
        this.claims += 1;
        return `claim-${this.claims}`;
      },
      after: (delay, ring) => clock.after(delay, ring),
      sleep: (delay) => clock.sleep(delay + (this.options.oversleep?.() ?? 0)),
      reserve: ({ endpoint }, perSecond, lostAt) =>
        this.call(() => {
          const asOf = endpoint.updatedAt;
          const reservation = { perSecond, count: 1, asOf, ...(lostAt === undefined ? {} : { lostAt }) };
          const { at, slots } = reserve(this.sequences.get(endpoint.id), reservation, clock.now + skew);
          this.sequences.set(endpoint.id, slots);
          return at;
        }),
      endpoint: (id) => this.call(() => this.record(id)),
      deliveries: {
        get: (_, eventId) => this.call(() => this.items.get(eventId)),
        store: (next) => this.call(() => this.store(next)),
      },
      event: async (_, id) => eventOf({ id, timestamp: clock.now }),
      send: (request) => this.request(request.headers, request.timeout, request.signal),
      markSlow: (id) =>
        this.call(() => {
          const mark = slowMark(this.slowMarks.get(id), clock.now);
          if (mark) this.slowMarks.set(id, mark.until);
        }),
      waiting: () =>
        this.call(
          () => this.queues[queueClass].messages.filter(({ visibleAt }) => visibleAt <= clock.now).length,
        ),
      divert: (message) => this.call(() => this.send('slow', message)),
      wake: (message, delay) => this.call(() => this.send('retry', message, delay)),
      sendAgain: async () => undefined,
      deadLetter: async () => undefined,
      expired: async () => undefined,
      disable: async () => undefined,
      postpone: (_, delay) =>
        this.call(() => {
          const seconds = Math.max(1, Math.ceil(delay / 1_000));
          const until = seconds * 1_000 + (this.options.lateness?.() ?? 0);
          received.visibleAt = clock.now + until;
          clock.after(until, () => this.poll(queueClass));
        }),
      report: () => undefined,
      circuits: {
        apply: (id, change) =>
          this.call(() => {
            const standing = this.circuits.get(id) ?? cleanCircuit;
            const next = applyChange(standing, change);
            if (next) this.circuits.set(id, next);
            return { applied: next !== undefined, circuit: next ?? standing };
          }),
        watch: async () => undefined,
        drain: async () => undefined,
        announce: async () => undefined,
        aliveAt: () => undefined,
        sawAlive: () => undefined,
      },
    };
  }

  private async request(
    headers: Readonly<Record<string, string>>,
    timeout: number,
    signal: AbortSignal,
  ): Promise<RequestResult> {
    const startedAt = this.clock.now;
    const posted = this.posted.get(headers['webhook-id'] ?? '');
    if (!posted) throw new Error(`${headers['webhook-id']} was never posted`);
    posted.firstAt ??= startedAt;
    posted.requests += 1;
    const arrivals = this.arrivals.get(posted.endpointId) ?? [];
    this.arrivals.set(posted.endpointId, [...arrivals, startedAt]);
    const { after, status } = this.answers.get(posted.endpointId) ?? { after: 0, status: 200 };
    const cut = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([this.clock.sleep(Math.min(after, timeout)), cut]);
    const duration = this.clock.now - startedAt;
    return signal.aborted || after >= timeout
      ? { kind: 'failed', errorClass: 'timeout', error: 'no answer', duration }
      : { ...answered(status), duration };
  }

  private record(id: string) {
    const endpoint = this.endpoints.get(id);
    const circuit = this.circuits.get(id);
    const slowUntil = this.slowMarks.get(id);
    return (
      endpoint && {
        ...{ endpoint, state: { status: this.statuses.get(id) ?? 'active', since: 0 } },
        ...(circuit === undefined ? {} : { circuit }),
        ...(slowUntil === undefined ? {} : { slowUntil }),
      }
    );
  }

  private async call<Result>(happen: () => Result): Promise<Result> {
    await this.clock.sleep(callTime);
    // As after a crash: nobody knows whether it happened.
    if (this.options.fails?.('before')) throw new Error('the call failed');
    const result = happen();
    if (this.options.fails?.('after')) throw new Error('the call failed');
    return result;
  }
}
