import type { HttpResponse } from '#adapters/http-api/response.ts';
import { type Delivery, isSettled } from '#core/delivery/delivery.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import { type Damage, SteppedFaults } from './plant/faults.ts';
import { addEndpoint, post, postOnce } from './plant/people.ts';
import { minute, Plant } from './plant/plant.ts';
import { newest } from './plant/queues.ts';

export interface PostingOptions {
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

/** Events that are posted to well endpoints, which get them all; ingest and fan-out may break at any effect. */
export class Posting {
  readonly plant = new Plant();
  private readonly options: PostingOptions;
  private readonly ingestFaults: SteppedFaults;
  private readonly fanOutFaults: SteppedFaults;

  constructor(options: PostingOptions) {
    const { plant } = this;
    const { endpoints, damageAt, fanOutDamageAt } = options;
    this.options = options;
    this.ingestFaults = new SteppedFaults(damageAt ?? (() => undefined), 'ingest');
    this.fanOutFaults = new SteppedFaults(fanOutDamageAt ?? (() => undefined), 'fan-out');
    plant.faults = (call, life) => this.ingestFaults.plan(call, life) ?? this.fanOutFaults.plan(call, life);
    plant.hasReconcile = false;
    this.addEndpoints(endpoints);
  }

  addEndpoints(count: number): void {
    for (let n = 0; n < count; n += 1) addEndpoint(this.plant, this.options.endpoint);
  }

  /** How many steps ingest made. */
  get steps(): number {
    return this.ingestFaults.steps;
  }

  get fanOutSteps(): number {
    return this.fanOutFaults.steps;
  }

  get events(): readonly StoredEvent[] {
    return [...this.plant.tables.events.values()].flatMap(({ event }) => event ?? []);
  }

  get deliveries(): readonly Delivery[] {
    return this.plant.tables.deliveries.all();
  }

  /** How many requests of each delivery reached its receiver. */
  get requests(): readonly number[] {
    const byDelivery = Map.groupBy(this.plant.requests, (request) => request.deliveryId);
    return [...byDelivery.values()].map(({ length }) => length);
  }

  /** How often each delivery was settled. */
  get settlements(): readonly number[] {
    const settled = this.plant.tables.deliveries.history.filter(({ state }) => isSettled(state));
    const byDelivery = Map.groupBy(settled, ({ endpointId, eventId }) => deliveryId(endpointId, eventId));
    return [...byDelivery.values()].map(({ length }) => length);
  }

  /** All that ever was in a queue. */
  get messages(): readonly string[] {
    return this.plant.queues.sent.map(({ body }) => body);
  }

  /** Posts; undefined when the function died over it, so that the client heard nothing. */
  post(path: string, body: string, key?: string): Promise<HttpResponse | undefined> {
    return postOnce(this.plant, path, body, key);
  }

  /** Posts until it is answered 202, letting time pass as a patient client does. */
  postUntilAccepted(path: string, body: string, key?: string): Promise<HttpResponse> {
    return post(this.plant, path, body, key);
  }

  /** Lets functions run until nothing is left to do. */
  async deliverAll(): Promise<void> {
    const { plant } = this;
    if (this.options.isBusy) {
      plant.slots = { high: 0, normal: 0, low: 0 };
      while (plant.queues.of('fan-out').length > 0) await plant.run(plant.now + minute);
      plant.slots = {};
      plant.pick = newest;
    }
    await plant.run();
  }
}
