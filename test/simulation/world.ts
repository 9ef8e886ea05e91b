import type { Delivery } from '../../lambdas/core/delivery/delivery.ts';
import { isSettled } from '../../lambdas/core/delivery/delivery.ts';
import type { RequestResult } from '../../lambdas/core/delivery/outcome.ts';
import { dueBy, heldByPause, release } from '../../lambdas/core/delivery/release.ts';
import type { GivenRetryConfig } from '../../lambdas/core/delivery/retry-policy.ts';
import type { EndpointRecord, EndpointStatus } from '../../lambdas/core/endpoint/endpoint.ts';
import type { StoredEvent } from '../../lambdas/core/event/event.ts';
import { lowestEventId } from '../../lambdas/core/ids.ts';
import { carryPayload, encodeMessage } from '../../lambdas/core/message/codec.ts';
import type { DeadLetterMessage, DeliveryMessage } from '../../lambdas/core/message/message.ts';
import { troubleDelay } from '../../lambdas/core/message/trouble.ts';
import type { QueueClass } from '../../lambdas/deliver/env.ts';
import type { DeliverPorts } from '../../lambdas/deliver/ports.ts';
import { handleRecord } from '../../lambdas/deliver/record.ts';

/** The function died here: nothing after it ran, not even error handling. */
export class Crash extends Error {}

interface Queued {
  readonly queue: QueueClass;
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
}

export const start = Date.UTC(2026, 0, 1);
// Made by a clock one second ahead of the deliver function's, as clocks are.
export const eventId = lowestEventId(start + 1_000);
export const endpointId = 'ep_01kdvq6s00e8x8cvwq6kgm4s9s';
const payload = Buffer.from('{"n":1.0}');
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

/** One delivery's world in virtual time: its item, the queues, the receiver, and functions that may die anywhere. */
export class World {
  now = start;
  readonly requests: { readonly at: number; readonly headers: Readonly<Record<string, string>> }[] = [];
  readonly deadLetters: DeadLetterMessage[] = [];
  readonly history: Delivery[] = [];
  item: Delivery | undefined;
  status: EndpointStatus | 'deleted' = 'active';
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
      if (next === Infinity && !waiting) return;
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

  async resume(): Promise<void> {
    this.status = 'active';
    await release(this.releasePorts(), { endpointId, eventId }, heldByPause, this.now);
  }

  private async tick(): Promise<void> {
    try {
      await release(this.releasePorts(), { endpointId, eventId }, dueBy(this.now + 90_000), this.now);
      if (this.status === 'active')
        await release(this.releasePorts(), { endpointId, eventId }, heldByPause, this.now);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  private async receive(): Promise<void> {
    const message = this.queue.find(({ visibleAt }) => visibleAt <= this.now);
    if (!message) return;
    message.receives += 1;
    message.visibleAt = this.now + visibility;
    const ports = this.ports(message);
    const received = { body: message.body, receiptHandle: 'r', receiveCount: message.receives };
    try {
      if ((await handleRecord(received, ports)) === 'done') {
        this.step();
        this.queue.splice(this.queue.indexOf(message), 1);
      }
    } catch (error) {
      if (!(error instanceof Crash)) message.visibleAt = this.now + troubleDelay(message.receives);
    }
  }

  private ports(message: Queued): DeliverPorts {
    return {
      queueClass: message.queue,
      version: '0',
      now: () => this.now,
      random: this.options.random ?? (() => 0.5),
      newClaimId: () => `claim-${this.steps}`,
      endpoint: async () => this.record(),
      ...this.stores(),
      event: async () => this.event(),
      send: async (request) => {
        this.step();
        this.requests.push({ at: this.now, headers: request.headers });
        const result = this.options.receiver(this.requests.length, this);
        this.now += result.duration;
        this.step();
        return result;
      },
      wake: async (body, delay) => this.effect(() => this.enqueue('retry', encodeMessage(body), delay)),
      sendAgain: async ({ body }, delay) => this.effect(() => this.enqueue('retry', body, delay)),
      deadLetter: async (letter) => this.effect(() => this.deadLetters.push(letter)),
      disable: async () =>
        this.effect(() => {
          this.status = 'disabled';
        }),
      postpone: async (_, delay) =>
        this.effect(() => {
          message.visibleAt = this.now + delay;
        }),
      report: () => {
        this.reports += 1;
      },
    };
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

  private enqueue(queue: QueueClass, body: string, delay: number): void {
    this.queue.push({ queue, body, visibleAt: this.now + delay, receives: 0 });
  }

  private record(): EndpointRecord | undefined {
    if (this.status === 'deleted') return undefined;
    return {
      state: { status: this.status, since: start },
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
        circuitBreaker: { enabled: false, threshold: 5, timeout: 60_000 },
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
      event: { type: 'order.created', timestamp: start, payload: carryPayload(payload) },
    };
  }
}
