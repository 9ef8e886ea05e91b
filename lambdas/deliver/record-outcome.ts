import { outcomeOf } from '#core/attempt/outcome.ts';
import { cleanCircuit } from '#core/circuit/circuit.ts';
import type { CircuitFact } from '#core/circuit/decide-circuit.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { FactOf } from '#core/delivery/fact.ts';
import { otherFailure } from '#core/delivery/probe.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { moveCircuit } from './move-circuit.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './receive.ts';
import type { Probe } from './take-probe.ts';

/** Records what an attempt says of its endpoint. @param delivery as it stands after the attempt */
export async function recordOutcome(
  delivery: Delivery,
  { record }: Work,
  { startedAt, result, policy }: FactOf<'attempted'>,
  probe: Probe | undefined,
  ports: DeliverPorts,
): Promise<void> {
  const { health } = outcomeOf(result, policy.retryableStatuses);
  if (health === 'alive') ports.circuits.sawAlive(record.endpoint.id, ports.now());
  await recordHealth(
    record,
    { health, startedAt, otherFailure: otherFailure(delivery, startedAt) },
    probe,
    ports,
  );
}

/** Releases the probe lease, because the request was cut off and says nothing of the endpoint. */
export const releaseProbe = (record: EndpointRecord, probe: Probe, ports: DeliverPorts): Promise<void> =>
  recordHealth(record, { health: 'neutral', startedAt: ports.now() }, probe, ports);

async function recordHealth(
  record: EndpointRecord,
  attempt: Pick<Extract<CircuitFact, { kind: 'attempted' }>, 'health' | 'startedAt' | 'otherFailure'>,
  probe: Probe | undefined,
  ports: DeliverPorts,
): Promise<void> {
  const circuit = probe?.circuit ?? record.circuit ?? cleanCircuit;
  const aliveAt = ports.circuits.aliveAt(record.endpoint.id);
  const { epoch } = circuit;
  const fact = { kind: 'attempted', ...attempt, epoch, probeId: probe?.id, aliveAt } as const;
  await moveCircuit({ ...record, circuit }, fact, ports);
}
