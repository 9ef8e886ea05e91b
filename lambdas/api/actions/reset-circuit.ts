import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import type { Services } from '../services.ts';

/**
 * Closes the circuit of an endpoint by hand and releases what it held. Does nothing when the circuit is closed without
 * failures, or when it was closed since `record` was read, because outcomes after that are newer than the request.
 */
export async function resetCircuit(
  services: Pick<Services, 'watch' | 'closeCircuit' | 'announceClosed' | 'drain'>,
  { endpoint, circuit }: OutlineRecord,
): Promise<void> {
  if (circuit === undefined || (circuit.state === 'closed' && circuit.failures === 0)) return;
  const reference = { applicationId: endpoint.applicationId, endpointId: endpoint.id };
  // Watched first, so that the scheduler releases what was held if this function crashes after the reset.
  await services.watch(reference);
  const before = await services.closeCircuit(endpoint.id, circuit.epoch);
  // The circuit may have opened since the record was read.
  if (before?.state !== 'open') return;
  await services.announceClosed(reference, before.epoch);
  await services.drain(reference);
}
