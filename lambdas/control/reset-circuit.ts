import type { Circuit } from '../core/circuit/circuit.ts';
import type { EndpointRecord } from '../core/endpoint/endpoint.ts';

interface EndpointReference {
  readonly applicationId: string;
  readonly endpointId: string;
}

export interface ResetCircuitPorts {
  watch(endpoint: EndpointReference): Promise<void>;
  reset(endpointId: string, from: Circuit): Promise<boolean>;
  /** @param epoch of the circuit that closed */
  announceClosed(endpoint: EndpointReference, epoch: number): Promise<void>;
  /** Must not reject: the scheduler begins what this could not. */
  drain(endpoint: EndpointReference): Promise<void>;
}

/** Closes an endpoint's circuit by hand. Nothing happens while nothing is known against the endpoint. */
export async function resetCircuit(
  { endpoint, circuit }: EndpointRecord,
  ports: ResetCircuitPorts,
): Promise<void> {
  if (circuit === undefined || (circuit.state === 'closed' && circuit.failures === 0)) return;
  const of = { applicationId: endpoint.applicationId, endpointId: endpoint.id };
  // Watched first: a crash after the reset leaves what was held to the scheduler.
  await ports.watch(of);
  const existed = await ports.reset(endpoint.id, circuit);
  if (!existed || circuit.state === 'closed') return;
  await ports.announceClosed(of, circuit.epoch);
  await ports.drain(of);
}
