import { setImmediate as turn } from 'node:timers/promises';
import type { RequestResult } from '#core/attempt/outcome.ts';
import { applyChange } from '#core/circuit/apply.ts';
import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import { attentionOf } from '#core/delivery/attention.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import type { DrainProgress, WatchedEndpoint } from '#core/delivery/drain.ts';
import { wakeUp } from '#core/delivery/messages.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { encodeMessage } from '#core/message/codec.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { handleDelivery } from '#lambdas/deliver/handle-delivery.ts';
import type { DeliverPorts } from '#lambdas/deliver/ports.ts';
import { type DrainPorts, handleDrain } from '#lambdas/fan-out/drain.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { eventOf, idsAt } from '#test/support/deliveries.ts';

export interface CrowdOptions {
  readonly deliveries: number;
  readonly now: number;
  readonly circuit?: Circuit;
  /** What reads that need not be consistent see. @default - the circuit as it is */
  readonly stale?: Circuit;
  /** Rounds of the event loop that each call takes: interleaves the invocations differently. */
  readonly pace: () => number;
  readonly answer: (request: number) => RequestResult;
}

/** Many deliveries of one endpoint and as many concurrent invocations of the real handlers, over stores in memory. */
export class Crowd {
  now: number;
  circuit: Circuit;
  inFlight = 0;
  mostInFlight = 0;
  requests: string[] = [];
  /** Sizes of the steps of the drain. */
  readonly released: string[][] = [];
  readonly items = new Map<string, Delivery>();
  readonly all: readonly Delivery[];
  readonly announced: string[] = [];
  readonly woken: DeliveryMessage[] = [];
  private watched: WatchedEndpoint | undefined;
  private readonly options: CrowdOptions;
  private readonly endpoint = anEndpoint({
    id: idsAt(1).endpoint(),
    retryConfig: { maxAttempts: 20, baseDelay: 1_000, jitter: false },
    circuitBreaker: { enabled: true, threshold: 5, timeout: 60_000 },
  });

  constructor(options: CrowdOptions) {
    this.options = options;
    this.now = options.now;
    this.circuit = options.circuit ?? cleanCircuit;
    const { id: endpointId, applicationId } = this.endpoint;
    this.watched = { endpointId, applicationId, since: options.now };
    this.all = Array.from({ length: options.deliveries }, (_, n) => {
      const createdAt = options.now - options.deliveries + n;
      const of = {
        applicationId,
        endpointId,
        eventId: idsAt(createdAt).event(),
        priority: 'normal' as const,
      };
      return newDelivery(of, createdAt);
    });
  }

  /** One invocation per delivery, all at the same time, by the messages of ingest if they are the `first` ones. */
  async deliverAll(
    deliveries: readonly Pick<Delivery, 'eventId'>[] = this.all,
    { first = false }: { readonly first?: boolean } = {},
  ): Promise<void> {
    const ports = this.deliverPorts();
    const wakes = new Map(this.all.map((delivery) => [delivery.eventId, { ...wakeUp(delivery), first }]));
    await Promise.all(
      deliveries.flatMap(({ eventId }) => {
        const message = wakes.get(eventId);
        if (!message) return [];
        return handleDelivery(
          { body: encodeMessage(message), receiptHandle: eventId, receiveCount: 1 },
          ports,
        );
      }),
    );
  }

  /** The steps of a drain, with the deliveries of each handled before the next, until it ends by itself. */
  async drain(): Promise<void> {
    const { id: endpointId, applicationId } = this.endpoint;
    let next: number | undefined = 0;
    while (next !== undefined) {
      const step: number = next;
      next = undefined;
      const ports: DrainPorts = {
        ...this.deliverPorts(),
        wake: async (_, message) => {
          this.woken.push(message);
        },
        attention: {
          watched: async () => this.watched,
          takeStep: async (entry, drain: DrainProgress) => {
            this.watched = { ...entry, drain };
            return true;
          },
        },
        endpoint: async () => this.record(),
        held: async (_, shard, limit) => this.heldIn(shard, limit),
        queueStep: async (message, delay) => {
          next = message.step;
          this.now += delay;
        },
      };
      await handleDrain({ v: 1, kind: 'drain', applicationId, endpointId, step }, ports);
      const woken = this.woken.splice(0);
      if (woken.length > 0) this.released.push(woken.map(({ eventId }) => eventId));
      await this.deliverAll(woken);
    }
  }

  private heldIn(shard: number, limit: number) {
    const here = [...this.items.values()]
      .filter((item) => attentionOf(item)?.key === `HELD#${this.endpoint.id}#${shard}`)
      .toSorted((a, b) => a.createdAt - b.createdAt);
    const items = here.slice(0, limit);
    return here.length > limit ? { items, next: 'more' } : { items };
  }

  private deliverPorts(): DeliverPorts {
    return {
      queueClass: 'retry',
      version: '0',
      now: () => this.now,
      random: () => 0.5,
      newClaimId: () => `claim-${Math.random()}`,
      endpoint: (_, { consistent }) =>
        this.later(() => this.record(consistent ? undefined : this.options.stale)),
      deliveries: {
        get: (_, eventId) => this.later(() => this.items.get(eventId)),
        store: (next) =>
          this.later(() => {
            const standing = this.items.get(next.eventId);
            if ((standing?.revision ?? 0) !== next.revision - 1) return { standing };
            this.items.set(next.eventId, next);
            return 'stored' as const;
          }),
      },
      event: (_, id) => this.later(() => eventOf({ id, timestamp: this.now })),
      send: async (request) => {
        this.inFlight += 1;
        this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
        this.requests.push(request.headers['webhook-id'] ?? '');
        const result = this.options.answer(this.requests.length);
        await this.later(() => undefined, 40);
        this.inFlight -= 1;
        return result;
      },
      after: () => () => undefined,
      markSlow: async () => undefined,
      sleep: async () => undefined,
      reserve: async () => undefined,
      waiting: async () => 0,
      divert: async (message) => void this.woken.push(message),
      wake: async (message) => void this.woken.push(message),
      sendAgain: async () => undefined,
      deadLetter: async () => undefined,
      expired: async () => undefined,
      disable: async () => undefined,
      postpone: async () => undefined,
      report: () => undefined,
      circuits: {
        apply: (_, change) =>
          this.later(() => {
            const next = applyChange(this.circuit, change);
            this.circuit = next ?? this.circuit;
            return { applied: next !== undefined, circuit: this.circuit };
          }),
        watch: async () => undefined,
        drain: async () => undefined,
        announce: async (event) => void this.announced.push(event),
        aliveAt: () => undefined,
        sawAlive: () => undefined,
      },
    };
  }

  private record(circuit = this.circuit): EndpointRecord {
    return { endpoint: this.endpoint, state: { status: 'active', since: 0 }, circuit };
  }

  private async later<T>(happen: () => T, extra = 0): Promise<T> {
    for (let left = this.options.pace() + extra; left > 0; left -= 1) await turn();
    return happen();
  }
}
