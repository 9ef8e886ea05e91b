import { leasing } from '#core/circuit/change.ts';
import type { Circuit } from '#core/circuit/circuit.ts';
import type { Fact } from '#core/delivery/fact.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './receive.ts';

/** The lease of the one request that a half-open circuit allows. */
export interface Probe {
  readonly id: string;
  /** The circuit with the lease. */
  readonly circuit: Circuit;
}

// The lease outlasts its request by this, so that only a crash leaves a lease behind.
const leaseMargin = 5_000;

/** Takes the probe lease, immediately before the request. */
export async function takeProbe(
  work: Work,
  ports: DeliverPorts,
): Promise<{ readonly fact: Fact; readonly probe?: Probe }> {
  if (!(await work.content())) return { fact: { kind: 'event_missing' } };
  const { endpoint, circuit } = work.record;
  const denied: Fact = { kind: 'probe_denied', claimId: work.fact.claim.id };
  if (circuit?.state !== 'open') return { fact: denied };
  const now = ports.now();
  const lease = { id: ports.newClaimId(), until: now + endpoint.timeout + leaseMargin };
  const taken = await ports.circuits.apply(endpoint.id, leasing(circuit, lease, now));
  if (!taken?.applied) return { fact: denied };
  return { fact: { kind: 'probe_taken' }, probe: { id: lease.id, circuit: taken.circuit } };
}
