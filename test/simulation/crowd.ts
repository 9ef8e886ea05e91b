import type { RequestResult } from '#core/attempt/outcome.ts';
import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import { type Delivery, newDelivery } from '#core/delivery/delivery.ts';
import { wakeUp } from '#core/delivery/messages.ts';
import { eventOf, idsAt } from '#test/support/deliveries.ts';
import type { Call, FaultPlan } from './plant/faults.ts';
import { addEndpoint } from './plant/people.ts';
import { minute, Plant, second } from './plant/plant.ts';

export interface CrowdOptions {
  readonly deliveries: number;
  readonly now: number;
  readonly circuit?: Circuit;
  /** What reads that need not be consistent see. @default - the circuit as it is */
  readonly stale?: Circuit;
  /** Milliseconds that each call takes: interleaves the invocations differently. */
  readonly pace: () => number;
  /** Answers the nth request of all, from 1, after 40 ms. */
  readonly answer: (request: number) => RequestResult;
}

// Long enough for all that begins, and too short for the scheduler.
const soon = 30 * second;

/** Many deliveries of one endpoint, handled by as many invocations at the same time. */
export class Crowd {
  readonly plant: Plant;
  readonly all: readonly Delivery[];
  /** The events of the deliveries that each step of a drain released. */
  readonly released: string[][] = [];
  private readonly endpointId: string;

  constructor({ deliveries, now, circuit, stale, pace, answer }: CrowdOptions) {
    const plant = new Plant(now);
    this.plant = plant;
    this.endpointId = addEndpoint(plant, {
      retryConfig: { maxAttempts: 20, baseDelay: 1_000, jitter: false },
      circuitBreaker: { enabled: true, threshold: 5, timeout: minute },
    });
    if (circuit) this.circuit = circuit;
    plant.atOnce = Number.POSITIVE_INFINITY;
    plant.slots = { normal: 0, retry: 0, 'fan-out': 0 };
    plant.callTime = pace;
    plant.receiver = () => ({ ...answer(plant.requests.length), duration: 40 });
    if (stale) plant.faults = (call) => this.stale(call, stale);
    plant.onEffect = (call, result) => this.note(call, result);
    this.all = Array.from({ length: deliveries }, (_, n) => {
      const timestamp = now - deliveries + n;
      const eventId = idsAt(timestamp).event();
      const of = { applicationId: 'default', endpointId: this.endpointId, priority: 'normal' as const };
      void plant.stores.events.create(eventOf({ id: eventId, timestamp, endpointCount: 1, endpoints: [of] }));
      return newDelivery({ ...of, eventId }, timestamp);
    });
  }

  get circuit(): Circuit {
    return this.plant.tables.endpoints.get(this.endpointId)?.record.circuit ?? cleanCircuit;
  }

  set circuit(circuit: Circuit) {
    const row = this.plant.tables.endpoints.get(this.endpointId);
    if (row) this.plant.tables.endpoints.set(this.endpointId, { ...row, record: { ...row.record, circuit } });
  }

  get items(): readonly Delivery[] {
    return this.plant.tables.deliveries.all();
  }

  /** The events of all requests, in order. */
  get requests(): readonly string[] {
    return this.plant.requests.map(({ eventId }) => eventId);
  }

  get announced(): readonly string[] {
    return this.plant.announced.map(({ type }) => type);
  }

  /** Queues a message for each, of ingest if they are the `first` ones, in a queue that nothing else uses. */
  send({ first = false }: { readonly first?: boolean } = {}): void {
    for (const delivery of this.all)
      this.plant.queues.send('high', { ...wakeUp(delivery), first }, 0, this.endpointId);
  }

  /** One invocation for each message, all at the same time. What they queue is left in its queue. */
  async deliverAll(): Promise<void> {
    this.send();
    await this.plant.run(this.plant.now + soon);
  }

  /** The steps of a drain and the deliveries that they release, until it ends by itself. */
  async drain(): Promise<void> {
    const { plant, endpointId } = this;
    const of = { applicationId: 'default', endpointId };
    plant.slots = { retry: 0 };
    await plant.stores.attention.watch(of);
    plant.queues.send('fan-out', { v: 1, kind: 'drain', ...of, step: 0 });
    await plant.run(plant.now + soon);
  }

  private stale({ name, args }: Call, circuit: Circuit): ReturnType<FaultPlan> {
    const { consistent } = (args.at(-1) ?? {}) as { readonly consistent?: boolean };
    const row = this.plant.tables.endpoints.get(this.endpointId);
    return name === 'reader.load' && !consistent && row ? { answers: { ...row.record, circuit } } : undefined;
  }

  private note({ by, name, args }: Call, result: unknown): void {
    if (name === 'attention.takeStep' && result === true) this.released.push([]);
    const [body] = args;
    if (by !== 'fan-out' || !name.endsWith('queue.send') || typeof body === 'string') return;
    const { kind, eventId } = body as { readonly kind: string; readonly eventId: string };
    if (kind === 'delivery') this.released.at(-1)?.push(eventId);
  }
}
