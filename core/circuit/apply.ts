import type { CircuitChange } from './change.ts';
import { type Circuit, type ClosedCircuit, isProbing, type OpenCircuit } from './circuit.ts';

/**
 * The circuit after a change, or undefined when what the change asks for does not stand any more. The table does the
 * same by conditional writes; this is what they are tested against, and what simulations run on.
 */
export function applyChange(circuit: Circuit, change: CircuitChange): Circuit | undefined {
  if (change.epoch !== circuit.epoch) return undefined;
  switch (change.kind) {
    case 'count':
    case 'restart':
    case 'clear':
    case 'open':
      return circuit.state === 'closed' ? toClosed(circuit, change) : undefined;
    default:
      return circuit.state === 'open' ? toOpen(circuit, change) : undefined;
  }
}

function toClosed(
  circuit: ClosedCircuit,
  change: Extract<CircuitChange, { kind: 'count' | 'restart' | 'clear' | 'open' }>,
): Circuit | undefined {
  const { failingSince, ...rest } = circuit;
  switch (change.kind) {
    case 'count': {
      const broken =
        failingSince !== undefined && change.aliveAt !== undefined && failingSince <= change.aliveAt;
      if (broken) return undefined;
      return { ...rest, failures: rest.failures + 1, failingSince: failingSince ?? change.at };
    }
    case 'restart':
      if (failingSince !== change.failingSince) return undefined;
      return { ...rest, failures: 1, failingSince: change.at };
    case 'clear':
      return failingSince === change.failingSince ? { ...rest, failures: 0 } : undefined;
    case 'open': {
      const { epoch, failures } = rest;
      if (failingSince === undefined) return undefined;
      const { at: since, until } = change;
      return { state: 'open', epoch, since, failures, failingSince, until, reopenings: 0 };
    }
  }
}

function toOpen(
  circuit: OpenCircuit,
  change: Extract<CircuitChange, { kind: 'lease' | 'close' | 'reopen' | 'give-back' }>,
): Circuit | undefined {
  const { probe, ...rest } = circuit;
  if (change.kind === 'lease') {
    const free = circuit.until === change.openUntil && !isProbing(circuit, change.at);
    return free ? { ...rest, probe: change.probe } : undefined;
  }
  if (probe?.id !== change.probeId) return undefined;
  switch (change.kind) {
    case 'give-back':
      return rest;
    case 'reopen':
      return { ...rest, until: change.until, reopenings: rest.reopenings + 1 };
    case 'close':
      return { state: 'closed', epoch: rest.epoch + 1, since: change.at, failures: 0 };
  }
}
