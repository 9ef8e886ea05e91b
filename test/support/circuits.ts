import type { ClosedCircuit, OpenCircuit } from '#core/circuit/circuit.ts';

/** A closed circuit that counted one failure; the first change of a clean one. */
export const failingCircuit = (given: Partial<ClosedCircuit> = {}): ClosedCircuit => ({
  ...{ state: 'closed', revision: 1, epoch: 0, failures: 1, failingSince: 1, ...given },
});

/** A circuit that opened by its first failure; the first change of a clean one. */
export const openCircuit = (given: Partial<OpenCircuit> = {}): OpenCircuit => ({
  ...{ state: 'open', revision: 1, epoch: 0, since: 1, failures: 1, failingSince: 1, until: 3 },
  ...{ reopenings: 0, ...given },
});
