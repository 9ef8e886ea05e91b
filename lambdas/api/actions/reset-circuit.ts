import type { Circuit } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';

interface EndpointReference {
  readonly applicationId: string;
  readonly endpointId: string;
}

export interface ResetCircuitPorts {
  watch(endpoint: EndpointReference): Promise<void>;
  /** Tells the circuit that it closed; undefined when the epoch is over or the endpoint deleted. */
  reset(endpointId: string, epoch: number): Promise<Circuit | undefined>;
  /** @param epoch of the circuit that closed */
  announceClosed(endpoint: EndpointReference, epoch: number): Promise<void>;
  /** Must not reject: the scheduler begins what this could not. */
  drain(endpoint: EndpointReference): Promise<void>;
}

/**
 * Closes an endpoint's circuit by hand. Nothing happens while nothing is known against the endpoint, nor when its circuit
 * has been closed since it was read: then it is done, and what was found out afterwards is newer than the wish.
 */
export async function resetCircuit(
  { endpoint, circuit }: EndpointRecord,
  ports: ResetCircuitPorts,
): Promise<void> {
  if (circuit === undefined || (circuit.state === 'closed' && circuit.failures === 0)) return;
  const of = { applicationId: endpoint.applicationId, endpointId: endpoint.id };
  // Watched first: a crash after the reset leaves what was held to the scheduler.
  await ports.watch(of);
  const closed = await ports.reset(endpoint.id, circuit.epoch);
  // It may have opened since it was read.
  if (closed?.state !== 'open') return;
  await ports.announceClosed(of, closed.epoch);
  await ports.drain(of);
}
