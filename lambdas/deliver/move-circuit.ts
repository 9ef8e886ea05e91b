import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import { type CircuitDecision, type CircuitFact, decideCircuit } from '#core/circuit/decide-circuit.ts';
import { transition } from '#core/concurrency/transition.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { VersionConflict } from '#core/problem/store-errors.ts';
import type { DeliverPorts } from './ports.ts';

type Ports = Pick<DeliverPorts, 'circuits' | 'now' | 'disable'>;

const referenceOf = ({ endpoint: { applicationId, id } }: EndpointRecord) => ({
  applicationId,
  endpointId: id,
});

/**
 * Moves the circuit of an endpoint by one fact, and carries out what follows.
 *
 * @returns the circuit, if this changed it
 */
export async function moveCircuit(
  record: EndpointRecord,
  fact: CircuitFact,
  ports: Ports,
): Promise<Circuit | undefined> {
  const { store: next, event } = await decideAndStore(record, fact, ports);
  if (next === undefined) return undefined;
  const of = referenceOf(record);
  switch (event) {
    case 'opened':
      await ports.circuits.announce('circuit.opened', of, next.epoch);
      break;
    case 'closed':
      await ports.circuits.announce('circuit.closed', of, next.epoch - 1);
      await ports.circuits.drain(of);
      break;
    case 'given_up':
      await ports.disable(of, 'failing_for_5_days', ports.now());
      break;
  }
  return next;
}

async function decideAndStore(
  record: EndpointRecord,
  fact: CircuitFact,
  { circuits, now }: Ports,
): Promise<CircuitDecision> {
  const { endpoint, circuit = cleanCircuit } = record;
  try {
    const { decision } = await transition<Circuit, CircuitDecision>(
      `the circuit of endpoint ${endpoint.id}`,
      circuit,
      (standing) =>
        standing === undefined ? {} : decideCircuit(standing, fact, endpoint.circuitBreaker, now()),
      async (next, { event }) => {
        // Watched before it is open, so that the scheduler finds it after a crash in between.
        if (event === 'opened') await circuits.watch(referenceOf(record));
        return circuits.store(endpoint.id, next);
      },
    );
    return decision;
  } catch (error) {
    // Many functions record outcomes of this endpoint at once, and this one is one count of many.
    if (error instanceof VersionConflict) return {};
    throw error;
  }
}
