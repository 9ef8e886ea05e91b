import type { Delivery } from '#core/delivery/delivery.ts';
import type { Endpoint, EndpointStatus } from '#core/endpoint/endpoint.ts';
import type { SlotSequence } from '#core/rate-limit/slot.ts';
import type { QueueClass } from '#lambdas/deliver/env.ts';
import { accept, addEndpoint } from './plant/people.ts';
import { Plant } from './plant/plant.ts';
import { fair, longestVisible } from './plant/queues.ts';
import { answered } from './plant/receivers.ts';

/** How an endpoint answers. `after` in milliseconds. */
export interface Answering {
  readonly after: number;
  readonly status: number;
}

export interface Posted {
  readonly endpointId: string;
  readonly at: number;
  /** When its first request arrived. */
  readonly firstAt?: number;
  readonly requests: number;
}

export interface ManyOptions {
  readonly now: number;
  readonly slots: Readonly<Record<QueueClass, number>>;
  /** The queue hands out messages of the group that has fewest in flight, as SQS does. @default false: first in, first out */
  readonly isFair?: boolean;
  /** Milliseconds by which a queue hands out a message late. @default - in time */
  readonly lateness?: () => number;
  /** Whether a call of a table or queue fails. @default - none does */
  readonly fails?: () => boolean;
  /** Milliseconds by which a function sleeps too long. @default - in time */
  readonly oversleep?: () => number;
  /** Milliseconds by which the clock of an invocation is ahead. @default - none is */
  readonly skew?: () => number;
}

// As long as a call of a table or a queue takes.
const callTime = 5;

/** Many endpoints, the delivery queues and their functions' slots, in virtual time. */
export class ManyEndpoints {
  readonly plant: Plant;
  /** How often messages of each event were received. */
  readonly receives = new Map<string, number>();
  private readonly events = new Map<string, { readonly endpointId: string; readonly at: number }>();
  private readonly answers = new Map<string, Answering>();

  constructor({ now, slots, isFair = false, lateness, fails, oversleep, skew }: ManyOptions) {
    const plant = new Plant(now);
    this.plant = plant;
    plant.atOnce = Number.POSITIVE_INFINITY;
    plant.batchSize = 10;
    plant.slots = slots;
    plant.pick = isFair ? fair : longestVisible;
    plant.callTime = ({ by }) => (by === 'lambda' ? 0 : callTime);
    plant.queues.lateness = lateness ?? plant.queues.lateness;
    plant.oversleep = oversleep ?? plant.oversleep;
    plant.skew = skew ?? plant.skew;
    plant.faults = ({ by }) => {
      if (!fails || by !== 'deliver') return undefined;
      if (fails()) return 'is refused';
      return fails() ? 'loses its answer' : undefined;
    };
    plant.receiver = (_, { eventId }) => {
      const { after, status } = this.answers.get(this.events.get(eventId)?.endpointId ?? '') ?? {
        ...{ after: 0, status: 200 },
      };
      return { ...answered(status), duration: after };
    };
    plant.onReceive = ({ body }) => {
      const { eventId } = JSON.parse(body);
      this.receives.set(eventId, (this.receives.get(eventId) ?? 0) + 1);
    };
  }

  /** @returns its id */
  add(answering: Answering, given: Partial<Endpoint> = {}): string {
    const circuitBreaker = { enabled: true, threshold: 5, timeout: 60_000 };
    const id = addEndpoint(this.plant, { circuitBreaker, ...given });
    this.answers.set(id, answering);
    return id;
  }

  /** A part that is undefined is taken away. */
  edit(id: string, change: Partial<Endpoint>): void {
    void this.plant.stores.endpoints.update('default', id, (record) => ({
      ...record,
      endpoint: { ...record.endpoint, ...change },
    }));
  }

  change(id: string, status: EndpointStatus): void {
    const state = { status, since: this.plant.now };
    void this.plant.stores.endpoints.update('default', id, (record) => ({ ...record, state }));
  }

  slotsOf(id: string): SlotSequence | undefined {
    return this.plant.tables.endpoints.get(id)?.record.slots;
  }

  post(endpointId: string): void {
    const { now } = this.plant;
    this.events.set(accept(this.plant, [endpointId]), { endpointId, at: now });
  }

  get items(): readonly Delivery[] {
    return this.plant.tables.deliveries.all();
  }

  /** All events that were posted, and the requests that were made of each. */
  get posted(): readonly Posted[] {
    const requests = Map.groupBy(this.plant.requests, ({ eventId }) => eventId);
    return [...this.events].map(([eventId, event]) => {
      const made = requests.get(eventId) ?? [];
      return { ...event, requests: made.length, ...(made[0] && { firstAt: made[0].at }) };
    });
  }

  /** When the requests of an endpoint arrived. */
  arrivalsAt(id: string): readonly number[] {
    return this.plant.requests
      .filter(({ eventId }) => this.events.get(eventId)?.endpointId === id)
      .map(({ at }) => at);
  }

  /** Lets time pass until then (epoch milliseconds). The scheduler runs a minute from now for the first time. */
  async runUntil(end: number): Promise<void> {
    this.plant.timetable.lastTick = this.plant.now;
    await this.plant.run(end);
    await this.plant.wait(end - this.plant.now);
  }
}
