import { type Circuit, circuitStateOf } from '#core/circuit/circuit.ts';
import { parseDeliveryId } from '#core/id/ids.ts';
import type { Life } from '../../plant/faults.ts';
import type { Invariant, World } from '../world.ts';

/** Promise 5: a half-open circuit has at most one probe in flight, and an open one lets nothing else through. */
export function oneProbe({ plant, story, violated }: World): Invariant {
  const leases = new Map<Life, string>();
  const probing = new Map<Life, string>();
  const openSince = new Map<string, number>();
  const margin = story.weather.staleness + 2 * story.weather.skew;

  function isOpen(endpointId: string): boolean {
    const record = plant.tables.endpoints.get(endpointId)?.record;
    return record !== undefined && circuitStateOf(record, plant.now) !== 'go';
  }

  return {
    onEffect({ name, args }, _, life) {
      if (name !== 'circuits.store') return;
      const [endpointId, circuit] = args as [string, Circuit];
      if (circuit.state === 'open' && circuit.probe) leases.set(life, endpointId);
    },
    onEndpoint(id, next) {
      const isNow = next !== undefined && isOpen(id);
      if (isNow && !openSince.has(id)) openSince.set(id, plant.now);
      if (!isNow) openSince.delete(id);
    },
    onRequest({ deliveryId }, life) {
      const { endpointId = '' } = parseDeliveryId(deliveryId) ?? {};
      if (leases.get(life) === endpointId) {
        const others = [...probing.values()].filter((one) => one === endpointId);
        if (others.length > 0) violated(`a second probe of ${endpointId} is sent: ${deliveryId}`);
        probing.set(life, endpointId);
        return;
      }
      const since = openSince.get(endpointId) ?? Number.POSITIVE_INFINITY;
      if (since + margin < life.startedAt)
        violated(`${deliveryId} is requested without the probe lease of the open circuit`);
    },
    onAnswer(_, __, life) {
      probing.delete(life);
    },
    onHandled(life) {
      leases.delete(life);
      probing.delete(life);
    },
  };
}
