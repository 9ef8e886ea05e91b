import type { Delivery } from '#core/delivery/delivery.ts';
import { deliveryId } from '#core/id/ids.ts';
import { type LifecycleEvent, lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import { decodeMessage } from '#core/message/codec.ts';
import { type Invariant, keyOf, type World } from '../world.ts';

/** What follows from an end comes: the letter and the announcement of a death, the disabling after a 410. */
export function endsHaveConsequences({ plant, violated }: World): Invariant {
  const last = new Map<string, Delivery>();
  /** When each delivery was requested last, and when people changed the status of each endpoint last. */
  const requestedAt = new Map<string, number>();
  const changedAt = new Map<string, number>();
  const disabled: LifecycleEvent[] = [];
  const deaths = new Set<string>();

  function checkDeath(delivery: Delivery, letters: ReadonlySet<string>): void {
    const { state, endpointId, generation } = delivery;
    if (state.status !== 'dead') return;
    const which = keyOf(delivery);
    if (!letters.has(`${which} ${generation}`))
      violated(`${which} is dead (${state.reason}) without a letter`);
    const record = plant.tables.endpoints.get(endpointId)?.record;
    const isLeft = (changedAt.get(endpointId) ?? 0) <= (requestedAt.get(which) ?? 0);
    if (state.reason === 'gone' && record && record.state.status !== 'disabled' && isLeft)
      violated(`${which} was answered 410, and its endpoint is ${record.state.status}`);
  }

  return {
    onDelivery(next, _, { message }) {
      const which = keyOf(next);
      last.set(which, next);
      const death = `${which}:${next.generation}`;
      // When a poller hands a message over twice, one of the two may fail after the other one has acknowledged it.
      if (next.state.status === 'dead' && message?.isHandledTwice !== true) deaths.add(death);
      // The receiver got it after all.
      if (next.state.status === 'succeeded') deaths.delete(death);
    },
    onRequest({ deliveryId: which, at }) {
      requestedAt.set(which, at);
    },
    onEndpoint(id, next, before, { by }) {
      if (next === undefined || next.state === before.state) return;
      if (by === 'api') changedAt.set(id, plant.now);
      const { status, reason, since } = next.state;
      if (status === 'disabled' && reason !== undefined && before.state.status !== 'disabled')
        disabled.push({ type: 'endpoint.disabled', applicationId: 'default', endpointId: id, reason, since });
    },
    onEnd() {
      const announced = new Set(plant.announced.map(lifecycleId));
      const letters = new Set(plant.queues.sent.flatMap(letterIn));
      for (const delivery of last.values()) checkDeath(delivery, letters);
      // Also of generations that a redrive has superseded.
      for (const death of deaths)
        if (!announced.has(`delivery.dead:${death}`)) violated(`the death of ${death} was never announced`);
      for (const event of disabled) {
        const state = plant.tables.endpoints.get(event.endpointId)?.record.state;
        const isStanding = state?.status === 'disabled' && 'since' in event && state.since === event.since;
        if (isStanding && !announced.has(lifecycleId(event)))
          violated(`${lifecycleId(event)} was never announced`);
      }
    },
  };
}

function letterIn({ queue, body }: { readonly queue: string; readonly body: string }): string[] {
  if (queue !== 'dead-letter') return [];
  const letter = decodeMessage(body);
  if (letter.kind !== 'dead-letter') return [];
  return [`${deliveryId(letter.endpointId, letter.eventId)} ${letter.generation}`];
}
