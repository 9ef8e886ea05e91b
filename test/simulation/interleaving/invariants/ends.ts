import { type Delivery, isSettled } from '#core/delivery/delivery.ts';
import { deliveryId } from '#core/id/ids.ts';
import { matchedOf } from '../../plant/state.ts';
import { type Invariant, keyOf, type World } from '../world.ts';

/** Promise 1: each delivery of an accepted event ends, and for a reason that there was. */
export function everyDeliveryEnds({ plant, accepted, violated }: World): Invariant {
  const last = new Map<string, Delivery>();
  const answeredWell = new Set<string>();
  const everDisabled = new Set<string>();
  const { tables } = plant;

  function checkReason({ state, endpointId, eventId, ...delivery }: Delivery): void {
    const which = deliveryId(endpointId, eventId);
    if (state.status === 'succeeded' && !answeredWell.has(which))
      violated(`${which} succeeded though its receiver never answered well`);
    if (state.status !== 'cancelled') return;
    const wasThere = {
      endpoint_disabled: everDisabled.has(endpointId),
      endpoint_deleted: !tables.endpoints.has(endpointId),
      event_deleted: tables.events.get(eventId)?.left !== undefined,
      expired: false,
    };
    if (!wasThere[state.reason])
      violated(`${which} was cancelled (${state.reason}) in generation ${delivery.generation} without that`);
  }

  return {
    onDelivery(next) {
      last.set(keyOf(next), next);
      checkReason(next);
    },
    onEndpoint(id, next) {
      if (next?.state.status === 'disabled') everDisabled.add(id);
    },
    onAnswer({ deliveryId: which }, result) {
      if (result.kind === 'answered' && result.statusCode >= 200 && result.statusCode < 300)
        answeredWell.add(which);
    },
    onEnd() {
      for (const eventId of accepted.keys()) {
        const row = tables.events.get(eventId);
        const matched = row?.event ?? row?.left;
        if (!matched) violated(`${eventId} was accepted and is not stored`);
        for (const { endpointId } of matched ? matchedOf(tables, matched) : []) {
          const which = deliveryId(endpointId, eventId);
          const delivery = last.get(which);
          // Of an event that was deleted before it was accepted nothing is delivered.
          if (!delivery && row?.event) violated(`${which} was accepted, and nothing came of it`);
          if (delivery && !isSettled(delivery.state))
            violated(`${which} never ended: ${describeState(delivery)}`);
        }
      }
    },
  };
}

/** A delivery goes from state to state only as it may. */
export function endsOnce({ violated }: World): Invariant {
  return {
    onDelivery(next, before) {
      if (!before) return;
      const which = `${keyOf(next)}: ${describeState(before)} became ${describeState(next)}`;
      const isRestarted = next.generation === before.generation + 1;
      if (!isRestarted && next.generation !== before.generation) violated(`${which} at once`);
      if (isRestarted && next.attemptCount !== 0) violated(`${which} with attempts of the one before`);
      if (isRestarted || !isSettled(before.state)) return;
      const { status } = next.state;
      if (status !== before.state.status && status !== 'succeeded') violated(`${which} after its end`);
    },
  };
}

export const describeState = ({ generation, attemptCount, state }: Delivery): string => {
  const why = 'reason' in state ? ` (${state.reason})` : 'heldFor' in state ? ` (${state.heldFor})` : '';
  return `${state.status}${why} in generation ${generation} after ${attemptCount} attempts`;
};
