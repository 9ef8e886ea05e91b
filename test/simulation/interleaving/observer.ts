import type { RequestResult } from '#core/attempt/outcome.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { Life } from '../plant/faults.ts';
import type { Plant } from '../plant/plant.ts';
import type { Received, Receiver } from '../plant/receivers.ts';
import type { Past } from './past.ts';
import { type Invariant, keyOf } from './world.ts';

/** Tells invariants what happens in a plant. */
export class Observer {
  private readonly plant: Plant;
  private readonly past: Past;
  private readonly invariants: readonly Invariant[];
  private readonly deliveries = new Map<string, Delivery>();
  private readonly records = new Map<string, EndpointRecord>();
  private readonly requests = new Map<Life, Received>();
  private sender: Life | undefined;

  constructor(plant: Plant, past: Past, invariants: readonly Invariant[], answer: Receiver) {
    this.plant = plant;
    this.past = past;
    this.invariants = invariants;
    past.note();
    for (const [id, { record }] of plant.tables.endpoints) this.records.set(id, record);
    const { onCall, onEffect } = plant;
    plant.onCall = (call, life, fault) => {
      if (call.name === 'request') this.sender = life;
      onCall(call, life, fault);
    };
    plant.onEffect = (call, result, life) => {
      onEffect(call, result, life);
      this.past.note();
      if (call.name === 'deliveries.store' && result === 'stored')
        this.noteDelivery(call.args[0] as Delivery, life);
      this.noteEndpoints(life);
      if (call.name === 'request') this.noteAnswer(result as RequestResult, life);
      for (const invariant of invariants) invariant.onEffect?.(call, result, life);
    };
    plant.onHandled = (life, error) => {
      for (const invariant of invariants) invariant.onHandled?.(life, error);
    };
    plant.receiver = (number, request) => {
      const { sender } = this;
      if (!sender) throw new Error('a request has no sender');
      this.requests.set(sender, request);
      for (const invariant of invariants) invariant.onRequest?.(request, sender);
      return answer(number, request);
    };
  }

  end(): void {
    for (const invariant of this.invariants) invariant.onEnd?.();
  }

  private noteDelivery(next: Delivery, life: Life): void {
    const key = keyOf(next);
    const before = this.deliveries.get(key);
    // A call that is made again stores the same once more.
    if (before?.revision === next.revision) return;
    this.deliveries.set(key, next);
    for (const invariant of this.invariants) invariant.onDelivery?.(next, before, life);
  }

  private noteEndpoints(life: Life): void {
    const { endpoints } = this.plant.tables;
    for (const [id, before] of this.records) {
      const next = endpoints.get(id)?.record;
      if (next === before) continue;
      if (next) this.records.set(id, next);
      else this.records.delete(id);
      for (const invariant of this.invariants) invariant.onEndpoint?.(id, next, before, life);
    }
  }

  private noteAnswer(result: RequestResult, life: Life): void {
    const request = this.requests.get(life);
    if (!request) return;
    this.requests.delete(life);
    for (const invariant of this.invariants) invariant.onAnswer?.(request, result, life);
  }
}
