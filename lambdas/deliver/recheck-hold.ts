import { type Delivery, isHeldByCause } from '#core/delivery/delivery.ts';
import { planHeld } from '#core/delivery/drain.ts';
import { mayProbe } from '#core/delivery/probe.ts';
import { release } from '#core/delivery/release.ts';
import type { DeliverPorts } from './ports.ts';

/**
 * Releases a delivery whose pause or open circuit ended between the read of the endpoint and the storing of the hold,
 * because nothing else would.
 */
export async function recheckHold(delivery: Delivery, ports: DeliverPorts): Promise<void> {
  if (!isHeldByCause(delivery)) return;
  const record = await ports.endpoint(delivery.endpointId, { consistent: true });
  if (planHeld(record).kind === 'stay' && !mayProbe(record, delivery, ports.now())) return;
  const wake: Parameters<typeof release>[0]['wake'] = (_, message, delay) => ports.wake(message, delay);
  await release({ deliveries: ports.deliveries, wake }, delivery, isHeldByCause, ports.now());
}
