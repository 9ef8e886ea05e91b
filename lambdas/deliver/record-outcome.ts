import { type Health, outcomeOf } from '#core/attempt/outcome.ts';
import { afterAttempt, type CircuitChange, type CircuitOutcome, opening } from '#core/circuit/change.ts';
import { type Circuit, cleanCircuit, isGivenUp } from '#core/circuit/circuit.ts';
import type { FactOf } from '#core/delivery/fact.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './receive.ts';
import type { Probe } from './take-probe.ts';

// Each lost race means that others recorded failures or a success; what is lost then is one count of many.
const mostTries = 5;

/** Records what an attempt says of its endpoint, and what follows from it. */
export async function recordOutcome(
  { record }: Work,
  { result, policy }: FactOf<'attempted'>,
  probe: Probe | undefined,
  ports: DeliverPorts,
): Promise<void> {
  const { health } = outcomeOf(result, policy.retryableStatuses);
  if (health === 'alive') ports.circuits.sawAlive(record.endpoint.id, ports.now());
  await recordHealth(record, health, probe, ports);
}

/** Gives the probe lease back, because the request said nothing of the endpoint. */
export const releaseProbe = (record: EndpointRecord, probe: Probe, ports: DeliverPorts): Promise<void> =>
  recordHealth(record, 'neutral', probe, ports);

async function recordHealth(
  { endpoint, circuit = cleanCircuit }: EndpointRecord,
  health: Health,
  probe: Probe | undefined,
  ports: DeliverPorts,
): Promise<void> {
  const aliveAt = ports.circuits.aliveAt(endpoint.id);
  let standing = probe?.circuit ?? circuit;
  const outcome: CircuitOutcome = {
    health,
    epoch: standing.epoch,
    ...(probe === undefined ? {} : { probeId: probe.id }),
    ...(aliveAt === undefined ? {} : { aliveAt }),
  };
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
  ports: DeliverPorts,
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
  // Watched before it is open, so that the scheduler finds it after a crash in between.
  await ports.circuits.watch(of);
  const opened = await ports.circuits.apply(endpoint.id, open);
  if (opened?.applied) await ports.circuits.announce('circuit.opened', of, open.epoch);
}
