import type { RequestResult } from '#core/attempt/outcome.ts';
import { type Circuit, type CircuitBreakerConfig, cleanCircuit } from '#core/circuit/circuit.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { EndpointRecord, EndpointStatus } from '#core/endpoint/endpoint.ts';
import { lowestEventId } from '#core/id/ids.ts';
import type { SlotSequence } from '#core/rate-limit/slot.ts';
import type { GivenRetryConfig } from '#core/retry/retry-policy.ts';
import { type Call, crashes, type FaultPlan } from './plant/faults.ts';
import { accept, addEndpoint } from './plant/people.ts';
import { day, Plant, start } from './plant/plant.ts';

export interface DeliveryOptions {
  readonly retryConfig: GivenRetryConfig;
  /** Answers the nth request (from 1). */
  readonly receiver: (request: number) => RequestResult;
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
  readonly slept?: (delivery: OneDelivery) => void;
  /** The event is too large to travel with its message. @default - it is not */
  readonly isLarge?: boolean;
}

// Made by a clock one second ahead of the deliver function's, as clocks are.
export const eventId = lowestEventId(start + 1_000);

/** One delivery in a plant, from when ingest has queued it. */
export class OneDelivery {
  readonly plant = new Plant();
  readonly endpointId: string;
  /** Circuits as they were stored, one after the other. */
  readonly circuits: Circuit[] = [];
  /** How often the endpoint was marked as slow. */
  marks = 0;
  private readonly message: string;

  constructor(options: DeliveryOptions) {
    const { plant } = this;
    const { retryConfig, circuitBreaker, rateLimit, isLarge = false } = options;
    this.endpointId = addEndpoint(plant, {
      ...{ retryConfig, ...(circuitBreaker && { circuitBreaker }), ...(rateLimit && { rateLimit }) },
    });
    accept(plant, [this.endpointId], { id: eventId, isCarried: !isLarge });
    this.message = plant.queues.sent[0]?.body ?? '';
    plant.receiver = options.receiver;
    plant.random = options.random ?? plant.random;
    const crashing = options.crashAt && crashes(options.crashAt);
    plant.faults = (call, life) => this.stale(call, options.stale) ?? crashing?.(call, life);
    plant.onEffect = (call, result) => this.note(call, result);
    plant.onWake = () => options.slept?.(this);
  }

  get item(): Delivery | undefined {
    return this.history.at(-1);
  }

  get history(): readonly Delivery[] {
    return this.plant.tables.deliveries.history;
  }

  get requests() {
    return this.plant.requests;
  }

  get record(): EndpointRecord | undefined {
    return this.plant.tables.endpoints.get(this.endpointId)?.record;
  }

  get isRouted(): boolean | undefined {
    return this.plant.tables.endpoints.get(this.endpointId)?.isRouted;
  }

  get status(): EndpointStatus | undefined {
    return this.record?.state.status;
  }

  get circuit(): Circuit {
    return this.record?.circuit ?? cleanCircuit;
  }

  /** The letters in the dead-letter queue. */
  get deadLetters() {
    return this.plant.queues.bodies('dead-letter');
  }

  /** What was announced: the reason of a disabled endpoint, what became of its circuit, the end of a delivery. */
  get announced(): readonly string[] {
    return this.plant.announced
      .filter(({ type }) => type !== 'delivery.dead')
      .map((event) => (event.type === 'endpoint.disabled' ? event.reason : event.type));
  }

  /** Sends the first message once more, as a standard queue may. */
  duplicate(): void {
    this.plant.queues.send('normal', this.message, 0, this.endpointId);
  }

  /** Runs until nothing is left to do, or the virtual time given (ms after the start) is over. */
  async run(until = 10 * day): Promise<void> {
    await this.plant.run(start + until);
    await this.plant.finish();
  }

  pause(): void {
    this.change('paused');
  }

  /** As the API does it: the change, then the first step of the drain. */
  resume(): void {
    this.change('active');
    const { endpointId } = this;
    this.plant.queues.send('fan-out', { v: 1, kind: 'drain', applicationId: 'default', endpointId, step: 0 });
  }

  change(status: EndpointStatus): void {
    void this.plant.stores.endpoints.update('default', this.endpointId, (record) => ({
      ...record,
      state: { status, since: this.plant.now },
    }));
  }

  remove(): void {
    void this.plant.stores.endpoints.remove('default', this.endpointId);
  }

  /** What deliver noted about its endpoint before. */
  set noted(part: { readonly slowUntil?: number; readonly slots?: SlotSequence }) {
    const row = this.plant.tables.endpoints.get(this.endpointId);
    if (row) this.plant.tables.endpoints.set(this.endpointId, { ...row, record: { ...row.record, ...part } });
  }

  private stale({ name, args }: Call, seen: DeliveryOptions['stale']): ReturnType<FaultPlan> {
    const isConsistent = (args.at(-1) as { consistent?: boolean } | undefined)?.consistent;
    if (seen === undefined || isConsistent) return undefined;
    if (name === 'events.get') return { answers: undefined };
    if (name !== 'reader.load') return undefined;
    const { record } = this;
    return {
      answers:
        seen === 'missing' ? undefined : record && { ...record, state: { ...record.state, status: seen } },
    };
  }

  private note({ name, args }: Call, result: unknown): void {
    if (name === 'circuits.store' && result === 'stored') this.circuits.push(args[1] as Circuit);
    if (name === 'slowMarks.mark' && result === (args[1] as { until: number }).until) this.marks += 1;
  }
}
