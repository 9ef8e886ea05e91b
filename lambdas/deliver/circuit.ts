import type { Health } from '#core/attempt/outcome.ts';
import {
  afterAttempt,
  type CircuitChange,
  type CircuitOutcome,
  leasing,
  opening,
} from '#core/circuit/change.ts';
import { type Circuit, cleanCircuit, isGivenUp } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';

/** An endpoint and whose it is. */
export interface EndpointReference {
  readonly applicationId: string;
  readonly endpointId: string;
}

/** What an endpoint's circuit touches outside this process. Times are epoch milliseconds. */
export interface CircuitPorts {
  /** One conditional write; tells the circuit after it or the one in its way, undefined for a deleted endpoint. */
  apply(
    endpointId: string,
    change: CircuitChange,
  ): Promise<{ readonly applied: boolean; readonly circuit: Circuit } | undefined>;
  /** Makes the scheduler look after the endpoint. */
  watch(endpoint: EndpointReference): Promise<void>;
  /** Queues the first step of releasing what is held for the endpoint. */
  drain(endpoint: EndpointReference): Promise<void>;
  /** @param epoch of the circuit that opened, or closed again */
  announce(
    event: 'circuit.opened' | 'circuit.closed',
    endpoint: EndpointReference,
    epoch: number,
  ): Promise<void>;
  /** When this process last saw the endpoint alive. */
  aliveAt(endpointId: string): number | undefined;
  sawAlive(endpointId: string, at: number): void;
}

interface Ports {
  readonly circuits: CircuitPorts;
  now(): number;
  newClaimId(): string;
  disable(endpoint: EndpointReference, reason: string, asOf: number): Promise<void>;
}

// The lease outlives its request by this, so that only a crash leaves one behind.
const leaseMargin = 5_000;
// Each lost race means that others recorded failures or a success; what is lost then is one count of many.
const mostTries = 5;

/**
 * Takes the lease of the one request that a half-open circuit allows. To be called immediately before the request.
 *
 * @returns the circuit with the lease, or undefined when somebody else has it
 */
export async function takeProbe(
  { endpoint, circuit }: EndpointRecord,
  ports: Ports,
): Promise<{ readonly id: string; readonly circuit: Circuit } | undefined> {
  if (circuit?.state !== 'open') return undefined;
  const now = ports.now();
  const probe = { id: ports.newClaimId(), until: now + endpoint.timeout + leaseMargin };
  const taken = await ports.circuits.apply(endpoint.id, leasing(circuit, probe, now));
  return taken?.applied ? { id: probe.id, circuit: taken.circuit } : undefined;
}

/** Records what an attempt said of its endpoint, and what follows from it. `circuit` as it was when it began. */
export async function recordOutcome(
  { endpoint, circuit = cleanCircuit }: EndpointRecord,
  health: Health,
  probeId: string | undefined,
  ports: Ports,
): Promise<void> {
  if (health === 'alive') ports.circuits.sawAlive(endpoint.id, ports.now());
  const aliveAt = ports.circuits.aliveAt(endpoint.id);
  const outcome: CircuitOutcome = {
    health,
    epoch: circuit.epoch,
    ...(probeId === undefined ? {} : { probeId }),
    ...(aliveAt === undefined ? {} : { aliveAt }),
  };
  let standing = circuit;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const change = afterAttempt(standing, outcome, endpoint.circuitBreaker, ports.now());
    if (change === undefined) return;
    const result = await ports.circuits.apply(endpoint.id, change);
    if (result === undefined) return;
    if (result.applied) return follow({ endpoint, circuit: result.circuit }, change, ports);
    standing = result.circuit;
  }
}

async function follow(
  { endpoint, circuit }: Pick<EndpointRecord, 'endpoint'> & { readonly circuit: Circuit },
  change: CircuitChange,
  ports: Ports,
): Promise<void> {
  const of = { applicationId: endpoint.applicationId, endpointId: endpoint.id };
  const rules = endpoint.circuitBreaker;
  const now = ports.now();
  if (change.kind === 'close') {
    await ports.circuits.announce('circuit.closed', of, change.epoch);
    return ports.circuits.drain(of);
  }
  if (change.kind !== 'count' && change.kind !== 'restart' && change.kind !== 'reopen') return;
  if (isGivenUp(circuit, rules, now)) return ports.disable(of, 'failing_for_5_days', now);
  const open = opening(circuit, rules, now);
  if (open === undefined) return;
  // Watched before it is open: a crash in between leaves nothing that nobody looks after.
  await ports.circuits.watch(of);
  const opened = await ports.circuits.apply(endpoint.id, open);
  if (opened?.applied) await ports.circuits.announce('circuit.opened', of, open.epoch);
}
