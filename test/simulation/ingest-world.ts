import { createHash } from 'node:crypto';
import type { HttpResponse } from '#adapters/http-api/response.ts';
import { type Delivery, isSettled } from '#core/delivery/delivery.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { createIds } from '#core/id/ids.ts';
import type { KeyRecord } from '#core/idempotency/stored-answer.ts';
import { decodeMessage, encodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';
import { Problem } from '#core/problem/problem.ts';
import { handleDelivery } from '#lambdas/deliver/handle-delivery.ts';
import type { AttemptReport, DeliverPorts } from '#lambdas/deliver/ports.ts';
import type { Progress } from '#lambdas/fan-out/progress.ts';
import { handleSegment, type SegmentPorts } from '#lambdas/fan-out/segment.ts';
import { type AcceptPorts, acceptEvents } from '#lambdas/ingest/accept.ts';
import { createIdempotency } from '#lambdas/ingest/idempotency.ts';
import type { IngestPorts } from '#lambdas/ingest/ports.ts';
import { ingest } from '#lambdas/ingest/routes.ts';
import { answered, Crash, start } from './world.ts';

/** What a crash does: the function is gone for good, or only this one effect fails and the function goes on. */
export type Damage = 'dies' | 'fails';

export interface IngestWorldOptions {
  readonly endpoints: number;
  /** Asked before and after every effect of ingest, with its running number. */
  readonly damageAt?: (step: number) => Damage | undefined;
  /** The same for the effects of fan-out. */
  readonly fanOutDamageAt?: (step: number) => Damage | undefined;
  /** All fan-out comes before any delivery, and the newest deliveries first: what was sent twice is there twice. */
  readonly isBusy?: boolean;
  /** What all endpoints have that others do not. */
  readonly endpoint?: Partial<Endpoint>;
}

/** Of one invocation. */
interface Life {
  isOver: boolean;
}

export interface Queued {
  readonly kind: 'delivery' | 'fan-out';
  readonly body: string;
}

/** Ingest, fan-out and deliver over tables and queues in memory, in virtual time; ingest may break at any effect. */
export class IngestWorld {
  now = start;
  steps = 0;
  fanOutSteps = 0;
  /** Called when a function is about to do something, to let another one overtake it. */
  meanwhile: (() => Promise<void>) | undefined;
  readonly events = new Map<string, StoredEvent>();
  readonly deliveries = new Map<string, Delivery>();
  /** Requests that reached receivers, by endpoint. */
  readonly requests = new Map<string, number>();
  readonly settlements = new Map<string, number>();
  /** Bodies as receivers got them. */
  readonly received: Uint8Array[] = [];
  /** All that ever was in a queue. */
  readonly messages: string[] = [];
  readonly reports: AttemptReport[] = [];
  endpoints: number;
  private readonly segments = new Map<string, readonly MatchedEndpoint[]>();
  private readonly progress = new Map<string, Progress>();
  private readonly keys = new Map<string, KeyRecord>();
  private readonly queue: Queued[] = [];
  private readonly options: IngestWorldOptions;
  private posts = 0;
  private random = 0;

  constructor(options: IngestWorldOptions) {
    this.options = options;
    this.endpoints = options.endpoints;
  }

  /** Posts; undefined when the function died over it, so that the client heard nothing. */
  async post(path: string, body: string, key?: string): Promise<HttpResponse | undefined> {
    this.posts += 1;
    const request = {
      method: 'POST',
      path,
      query: new URLSearchParams(),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: { content: body, isBase64: false },
      requestId: `request-${this.posts}`,
    };
    const life: Life = { isOver: false };
    try {
      return await ingest(request, this.ingestPorts(life));
    } catch (error) {
      if (life.isOver) return undefined;
      const status = error instanceof Problem ? error.status : 500;
      return { statusCode: status, headers: {}, body: '' };
    }
  }

  /** Posts until it is answered 202, letting time pass as a patient client does. */
  async postUntilAccepted(path: string, body: string, key?: string): Promise<HttpResponse> {
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = await this.post(path, body, key);
      if (answer?.statusCode === 202) return answer;
      if (answer && answer.statusCode < 500 && answer.statusCode !== 409)
        throw new Error(`was answered ${answer.statusCode}`);
      this.now += 15_000;
    }
    throw new Error('was not accepted within five minutes');
  }

  /** Carries out what is queued, fan-out again after each damage, until nothing is left. */
  async deliverAll(): Promise<void> {
    for (let next = this.take(); next; next = this.take()) {
      if (next.kind === 'fan-out') await this.fanOut(next);
      else
        await handleDelivery({ body: next.body, receiptHandle: 'r', receiveCount: 1 }, this.deliverPorts());
    }
  }

  /** Receives a fan-out message; what is not dealt with comes again, later as it does on AWS. */
  async fanOut(received: Queued): Promise<void> {
    const life: Life = { isOver: false };
    const message = decodeMessage(received.body);
    if (message.kind !== 'fan-out') throw new Error(`no fan-out message: ${message.kind}`);
    try {
      const outcome = await handleSegment(message, this.fanOutPorts(life));
      if (outcome === 'done') return;
      this.now = Math.max(this.now, outcome.busyUntil);
    } catch {
      this.now += life.isOver ? 270_000 : 10_000;
    }
    this.queue.push(received);
  }

  /** Takes a message of a kind out of the queue, by default whichever comes next. */
  take(kind?: Queued['kind']): Queued | undefined {
    if (kind === undefined && this.options.isBusy) return this.take('fan-out') ?? this.queue.pop();
    if (kind === undefined) return this.queue.shift();
    const index = this.queue.findIndex((one) => one.kind === kind);
    return index === -1 ? undefined : this.queue.splice(index, 1)[0];
  }

  private ingestPorts(life: Life): IngestPorts {
    const break_ = () => {
      this.steps += life.isOver ? 0 : 1;
      this.break(life, this.steps, this.options.damageAt);
    };
    const tables = this.tables(break_);
    const accept: AcceptPorts = {
      ...tables,
      match: async () => Array.from({ length: this.endpoints }, (_, n) => ({ endpointId: endpointOf(n) })),
      events: {
        get: async (_, id) => this.events.get(id),
        createSegments: async (event, matched) =>
          this.effect(break_, () => {
            for (let n = 0; n * 1_000 < matched.length; n += 1)
              this.segments.set(`${event.id} ${n}`, matched.slice(n * 1_000, (n + 1) * 1_000));
          }),
        create: async (event) =>
          this.effect(break_, () => {
            const exists = this.events.get(event.id);
            if (exists) return { exists };
            this.events.set(event.id, event);
            return 'created' as const;
          }),
      },
      fanOut: async (messages) => this.send(break_, 'fan-out', messages),
    };
    const idempotency = createIdempotency({
      now: () => this.now,
      random: () => 0.5,
      sleep: async (milliseconds) => {
        this.now += milliseconds;
      },
      keys: {
        get: async ({ keyHash }) => this.keys.get(keyHash),
        store: async ({ keyHash }, next) =>
          this.effect(break_, () => {
            const standing = this.keys.get(keyHash);
            if ((standing?.revision ?? 0) !== next.revision - 1) return { standing };
            this.keys.set(keyHash, next);
            return 'stored' as const;
          }),
      },
      onError: (_, error) => {
        if (life.isOver) throw error;
      },
    });
    return {
      now: () => this.now,
      authenticate: async () => ({
        applicationId: 'default',
        isOperator: false,
        token: { id: 't', applicationId: 'default', name: '', scopes: ['ingest'], createdAt: 0 },
      }),
      rateLimiter: { take: async () => undefined },
      newEventId: createIds({ now: () => this.now, randomBytes: (count) => this.randomBytes(count) }).event,
      accept: (applicationId, events, claim) => acceptEvents(applicationId, events, claim, accept),
      idempotency,
    };
  }

  private tables(break_: () => void) {
    return {
      now: () => this.now,
      event: async (_: string, id: string) => this.events.get(id),
      segment: async (id: string, n: number) => this.segments.get(`${id} ${n}`),
      hold: async (delivery: Delivery) => this.effect(break_, () => this.store(delivery)),
      queue: async <Sent extends { readonly body: Message }>(_: string, messages: readonly Sent[]) =>
        this.send(break_, 'delivery', messages),
    };
  }

  private fanOutPorts(life: Life): SegmentPorts {
    const break_ = () => {
      this.fanOutSteps += life.isOver ? 0 : 1;
      this.break(life, this.fanOutSteps, this.options.fanOutDamageAt);
    };
    return {
      ...this.tables(break_),
      progress: {
        get: async (id, n) => this.progress.get(`${id} ${n}`),
        store: async ({ id }, n, next) =>
          this.effect(break_, () => {
            const key = `${id} ${n}`;
            if ((this.progress.get(key)?.revision ?? 0) !== next.revision - 1) return false;
            this.progress.set(key, next);
            return true;
          }),
      },
      within: async (_, work) => {
        const overtaking = this.meanwhile;
        this.meanwhile = undefined;
        await overtaking?.();
        await work();
      },
    };
  }

  private deliverPorts(): DeliverPorts {
    const wake = async (message: Message) => this.enqueue('delivery', message);
    return {
      queueClass: 'normal',
      version: '0',
      now: () => this.now,
      random: () => 0.5,
      newClaimId: () => `claim-${this.now}`,
      endpoint: async (id) => ({
        state: { status: 'active', since: start },
        endpoint: {
          id,
          applicationId: 'default',
          name: 'simulated',
          url: 'https://receiver.example',
          events: ['*'],
          headers: {},
          timeout: 30_000,
          priority: 'normal',
          retryConfig: 'standard',
          circuitBreaker: { enabled: false, threshold: 5, timeout: 60_000 },
          secrets: [{ value: 'a-secret-of-some-length', createdAt: start }],
          signatureHeader: 'X-Hook0-Signature',
          metadata: {},
          createdAt: start,
          updatedAt: start,
          ...this.options.endpoint,
        },
      }),
      deliveries: {
        get: async (endpointId, eventId) => this.deliveries.get(`${endpointId} ${eventId}`),
        store: async (next) => this.store(next),
      },
      event: async (_, id) => this.events.get(id),
      send: async ({ headers, body }) => {
        this.received.push(body);
        const to = String(headers['X-Hook0-Delivery-Id']);
        this.requests.set(to, (this.requests.get(to) ?? 0) + 1);
        return answered(200);
      },
      // Every receiver here is well, and of such nothing is written.
      circuits: {
        apply: async () => undefined,
        watch: async () => undefined,
        drain: async () => undefined,
        announce: async () => undefined,
        aliveAt: () => undefined,
        sawAlive: () => undefined,
      },
      after: () => () => undefined,
      markSlow: async () => undefined,
      sleep: async () => undefined,
      reserve: async () => undefined,
      waiting: async () => 0,
      divert: wake,
      wake,
      sendAgain: async () => undefined,
      deadLetter: async () => undefined,
      expired: async () => undefined,
      disable: async () => undefined,
      postpone: async () => undefined,
      report: (attempt) => void this.reports.push(attempt),
    };
  }

  private store(next: Delivery): 'stored' | { readonly standing: Delivery | undefined } {
    const key = `${next.endpointId} ${next.eventId}`;
    const standing = this.deliveries.get(key);
    if ((standing?.revision ?? 0) !== next.revision - 1) return { standing };
    this.deliveries.set(key, next);
    if (isSettled(next.state)) this.settlements.set(key, (this.settlements.get(key) ?? 0) + 1);
    return 'stored';
  }

  /** Returns the messages when the effect fails. If it fails afterwards, they were sent all the same. */
  private send<Sent extends { readonly body: Message }>(
    break_: () => void,
    kind: Queued['kind'],
    messages: readonly Sent[],
  ): readonly Sent[] {
    try {
      this.effect(break_, () => {
        for (const { body } of messages) this.enqueue(kind, body);
      });
      return [];
    } catch (error) {
      if (error instanceof Crash) throw error;
      return messages;
    }
  }

  private enqueue(kind: Queued['kind'], message: Message): void {
    const body = encodeMessage(message);
    this.messages.push(body);
    this.queue.push({ kind, body });
  }

  private effect<Result>(break_: () => void, happen: () => Result): Result {
    break_();
    const result = happen();
    break_();
    return result;
  }

  private break(life: Life, step: number, damageAt: IngestWorldOptions['damageAt']): void {
    if (life.isOver) throw new Crash('the function is dead');
    const damage = damageAt?.(step);
    if (damage === 'dies') life.isOver = true;
    if (damage === 'dies') throw new Crash(`at step ${step}`);
    if (damage === 'fails') throw new Error(`the effect of step ${step} failed`);
  }

  private randomBytes(count: number): Uint8Array {
    this.random += 1;
    return createHash('sha256').update(String(this.random)).digest().subarray(0, count);
  }
}

const endpointOf = (n: number): string => `ep_01kdvq6s00e8x8cvwq6kg${n.toString().padStart(5, '0')}`;
