import { circuitState, cleanCircuit } from '#core/circuit/circuit.ts';
import { decide } from '#core/delivery/decide.ts';
import { type Delivery, isHeldByCause, newDelivery } from '#core/delivery/delivery.ts';
import { planHeld } from '#core/delivery/drain.ts';
import type { Command, Decision, Fact } from '#core/delivery/fact.ts';
import { release } from '#core/delivery/release.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { timeOf } from '#core/id/ids.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import type { DeliverPorts } from './ports.ts';

// Each lost race means somebody else moved the delivery on; more than a few in one go is trouble of our own.
const mostRaces = 5;

/**
 * Decides, stores and carries out, in that order. When another function moved the delivery meanwhile, decides
 * again on what stands.
 */
export async function settle(
  start: Delivery,
  factAfter: (races: number) => Fact,
  message: DeliveryMessage,
  ports: DeliverPorts,
): Promise<{ readonly delivery: Delivery; readonly decision: Decision }> {
  let delivery = start;
  for (let races = 0; races < mostRaces; races += 1) {
    const fact = factAfter(races);
    const decision = decide(delivery, fact, ports.now(), ports.random());
    if (decision.store) {
      const outcome = await ports.deliveries.store(decision.store);
      if (outcome !== 'stored') {
        delivery = outcome.standing ?? unstored(message, ports.now());
        continue;
      }
      delivery = decision.store;
      await lookBack(delivery, ports);
    }
    for (const command of decision.commands) await carryOut(command, delivery, message, ports);
    return { delivery, decision };
  }
  throw new Error(
    `delivery of ${message.eventId} to ${message.endpointId} changed ${mostRaces} times while it was handled`,
  );
}

/** What the endpoint's circuit lets a delivery do that is due now. */
export const circuitStateOf = ({ endpoint, circuit = cleanCircuit }: EndpointRecord, now: number) =>
  circuitState(circuit, endpoint.circuitBreaker, now);

/** The delivery of a message, if it has no item. */
export function unstored(message: DeliveryMessage, now: number): Delivery {
  // The queue has kept any delay already; a clock that runs behind ingest's must not add a wait.
  return newDelivery(message, Math.min(timeOf(message.eventId), now));
}

/**
 * A pause or an open circuit may have ended between reading the endpoint and storing the hold; then nobody else would
 * release it.
 */
async function lookBack(delivery: Delivery, ports: DeliverPorts): Promise<void> {
  if (!isHeldByCause(delivery)) return;
  const record = await ports.endpoint(delivery.endpointId, { consistent: true });
  if (planHeld(record).kind === 'stay' && !mayProbe(record, ports.now())) return;
  const wake = (_: Delivery, message: DeliveryMessage, delay: number) => ports.wake(message, delay);
  await release({ deliveries: ports.deliveries, wake }, delivery, isHeldByCause, ports.now());
}

const mayProbe = (record: EndpointRecord | undefined, now: number): boolean =>
  record?.state.status === 'active' && circuitStateOf(record, now) === 'probe';

async function carryOut(
  command: Command,
  delivery: Delivery,
  message: DeliveryMessage,
  ports: DeliverPorts,
): Promise<void> {
  switch (command.kind) {
    case 'wake':
      return ports.wake({ ...message, first: false, generation: delivery.generation }, command.delay);
    case 'divert':
      // No first one any more: two copies of it may have been passed on, and the item tells them apart.
      return ports.divert({ ...message, first: false, generation: delivery.generation });
    case 'dead-letter': {
      const { applicationId, endpointId, eventId, generation } = delivery;
      return ports.deadLetter({
        v: 1,
        kind: 'dead-letter',
        applicationId,
        endpointId,
        eventId,
        generation,
        reason: command.reason,
      });
    }
    case 'announce-expiry':
      return ports.expired(delivery);
    case 'disable-endpoint':
      return ports.disable(delivery, command.reason, command.asOf);
  }
}
