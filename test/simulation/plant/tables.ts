import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import { attentionOf } from '#core/delivery/attention.ts';
import { type Delivery, isSettled } from '#core/delivery/delivery.ts';
import type { WatchedEndpoint } from '#core/delivery/drain.ts';
import type { Endpoint, EndpointRecord, EndpointState } from '#core/endpoint/endpoint.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import type { KeyRecord } from '#core/idempotency/stored-answer.ts';
import type { Task } from '#core/task/task.ts';
import type { Progress } from '#lambdas/fan-out/progress.ts';
import type { Pass } from '#lambdas/reconcile/sweep-pass.ts';

interface Revised {
  readonly revision: number;
}

/** Items that are stored only if the revision before theirs stands. */
class Guarded<Item extends Revised> {
  readonly items = new Map<string, Item>();
  /** All that was ever stored, in order. */
  readonly history: Item[] = [];

  store(key: string, next: Item): 'stored' | { readonly standing: Item | undefined } {
    const standing = this.items.get(key);
    if ((standing?.revision ?? 0) !== next.revision - 1) return { standing };
    this.items.set(key, next);
    this.history.push(next);
    return 'stored';
  }
}

interface StoredEndpoint {
  readonly endpoint: Endpoint;
  state: EndpointState;
  circuit: Circuit;
  routed: boolean;
}

export const keyOf = (of: { readonly endpointId: string; readonly eventId: string }): string =>
  deliveryId(of.endpointId, of.eventId);

/** The two tables, as far as functions can tell. */
export class Tables {
  readonly deliveries = new Guarded<Delivery>();
  readonly tasks = new Guarded<Task>();
  readonly keys = new Guarded<KeyRecord>();
  readonly events = new Map<string, StoredEvent>();
  readonly erased = new Map<string, { readonly event: StoredEvent; isDone: boolean }>();
  readonly segments = new Map<string, readonly MatchedEndpoint[]>();
  readonly progress = new Guarded<Progress>();
  readonly endpoints = new Map<string, StoredEndpoint>();
  readonly attention = new Map<string, WatchedEndpoint>();
  pass: Pass | undefined;

  record(endpointId: string): EndpointRecord | undefined {
    const found = this.endpoints.get(endpointId);
    return found && { endpoint: found.endpoint, state: found.state, circuit: found.circuit };
  }

  watch(endpointId: string, now: number): void {
    const { announced } = this.attention.get(endpointId) ?? {};
    const entry = { endpointId, applicationId: 'default', since: now };
    this.attention.set(endpointId, announced === undefined ? entry : { ...entry, announced });
  }

  /** As the endpoint store does it: state, circuit and attention in one transaction. */
  update(
    endpointId: string,
    change: (record: EndpointRecord) => EndpointRecord,
    now: number,
  ): EndpointRecord | undefined {
    const [before, found] = [this.record(endpointId), this.endpoints.get(endpointId)];
    if (!before || !found) return undefined;
    const after = change(before);
    found.routed = after.state.status !== 'disabled';
    if (after.state.status === before.state.status) return before;
    found.state = after.state;
    if (after.state.status === 'active') {
      found.circuit = { ...cleanCircuit, epoch: found.circuit.epoch + 1, since: now };
    }
    this.watch(endpointId, now);
    return this.record(endpointId);
  }

  remove(endpointId: string, now: number): boolean {
    const existed = this.endpoints.delete(endpointId);
    if (existed) this.watch(endpointId, now);
    return existed;
  }

  endpointsOf({ id, endpointCount, endpoints }: StoredEvent): readonly MatchedEndpoint[] {
    if (endpointCount === endpoints.length) return endpoints;
    return [...this.segments].flatMap(([key, matched]) => (key.startsWith(id) ? matched : []));
  }

  /** Accepted deliveries that have no item. */
  unstored(): readonly string[] {
    return [...this.events.values()].flatMap((event) =>
      this.endpointsOf(event)
        .map(({ endpointId }) => keyOf({ endpointId, eventId: event.id }))
        .filter((key) => !this.deliveries.items.has(key)),
    );
  }

  isSettled(): boolean {
    return (
      this.unstored().length === 0 &&
      [...this.deliveries.items.values()].every(({ state }) => isSettled(state))
    );
  }

  /** What stands under an attention key, earliest first. */
  under(key: string, until = Infinity): Delivery[] {
    return [...this.deliveries.items.values()]
      .map((delivery) => ({ delivery, attention: attentionOf(delivery) }))
      .filter(({ attention }) => attention?.key === key && attention.at <= until)
      .toSorted((a, b) => (a.attention?.at ?? 0) - (b.attention?.at ?? 0))
      .map(({ delivery }) => delivery);
  }

  /** When somebody must look at a delivery next; Infinity for never. */
  nextDue(): number {
    return [...this.deliveries.items.values()].reduce((first, delivery) => {
      const attention = attentionOf(delivery);
      return attention?.key.startsWith('DUE#') ? Math.min(first, attention.at) : first;
    }, Infinity);
  }
}
