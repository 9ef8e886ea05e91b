import type { Circuit } from '#core/circuit/circuit.ts';
import type { Fact } from '#core/delivery/fact.ts';
import { moveCircuit } from './move-circuit.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './receive.ts';

/** The lease of the one request that a half-open circuit allows. */
export interface Probe {
  readonly id: string;
  /** When the lease ends, epoch milliseconds. */
  readonly until: number;
  /** The circuit with the lease. */
  readonly circuit: Circuit;
}

// The lease outlasts its request by this, so that only a crash leaves a lease behind. It covers the write of the lease and
// clocks that differ.
const leaseMargin = 10_000;

/** Takes the probe lease, immediately before the request. */
export async function takeProbe(
  { record, fact: { claim }, content }: Work,
  ports: DeliverPorts,
): Promise<{ readonly fact: Fact; readonly probe?: Probe }> {
  if (!(await content())) return { fact: { kind: 'event_missing' } };
  const id = ports.newClaimId();
  const probe = { id, until: ports.now() + record.endpoint.timeout + leaseMargin };
  const circuit = await moveCircuit(record, { kind: 'probe_requested', probe }, ports);
  return circuit
    ? { fact: { kind: 'probe_taken' }, probe: { ...probe, circuit } }
    : { fact: { kind: 'probe_denied', claimId: claim.id } };
}
