import type { Health } from '#core/attempt/outcome.ts';
import {
  type Circuit,
  type CircuitBreakerConfig,
  type ClosedCircuit,
  isGivenUp,
  type OpenCircuit,
  type ProbeLease,
} from './circuit.ts';

/**
 * One conditional write. Each names what must still stand for it to hold, so that the outcomes of many functions
 * can be recorded at once: whoever comes too late changes nothing. Times are epoch milliseconds.
 */
export type CircuitChange =
  /** One failure more in a row, if the row began after `aliveAt`. */
  | { readonly kind: 'count'; readonly epoch: number; readonly at: number; readonly aliveAt?: number }
  /** The row that began at `failingSince` was not one: a success came in between. This failure begins another. */
  | { readonly kind: 'restart'; readonly epoch: number; readonly at: number; readonly failingSince: number }
  /** The row that began at `failingSince` is over. */
  | { readonly kind: 'clear'; readonly epoch: number; readonly failingSince: number }
  | { readonly kind: 'open'; readonly epoch: number; readonly at: number; readonly until: number }
  | {
      readonly kind: 'lease';
      readonly epoch: number;
      /** The opening it is for. */
      readonly openUntil: number;
      readonly at: number;
      readonly probe: ProbeLease;
    }
  | { readonly kind: 'close'; readonly epoch: number; readonly probeId: string; readonly at: number }
  | { readonly kind: 'reopen'; readonly epoch: number; readonly probeId: string; readonly until: number }
  | { readonly kind: 'give-back'; readonly epoch: number; readonly probeId: string };

/** What an attempt says of its endpoint. */
export interface CircuitOutcome {
  readonly health: Health;
  /** The circuit's epoch when the attempt began. */
  readonly epoch: number;
  /** Of the lease, when the attempt was the probe. */
  readonly probeId?: string;
  /** When the endpoint last was alive as far as the recording process has seen itself. */
  readonly aliveAt?: number;
}

const longestOpen = 60 * 60_000;

/** Milliseconds that a circuit stays open: its timeout, doubled by every failed probe, at most an hour. */
export const openFor = (rules: CircuitBreakerConfig, reopenings: number): number =>
  Math.min(longestOpen, rules.timeout * 2 ** Math.min(reopenings, 30));

/**
 * What to write after an attempt; undefined for nothing, which is the case of every success of a healthy endpoint.
 * An outcome of an older epoch is nothing, and while the circuit is open only its probe's outcome is something.
 */
export function afterAttempt(
  circuit: Circuit,
  outcome: CircuitOutcome,
  rules: CircuitBreakerConfig,
  now: number,
): CircuitChange | undefined {
  if (outcome.epoch !== circuit.epoch) return undefined;
  return circuit.state === 'closed'
    ? whileClosed(circuit, outcome, rules, now)
    : afterProbe(circuit, outcome, rules, now);
}

function whileClosed(
  circuit: ClosedCircuit,
  outcome: CircuitOutcome,
  rules: CircuitBreakerConfig,
  now: number,
): CircuitChange | undefined {
  const { epoch, failures, failingSince } = circuit;
  switch (outcome.health) {
    case 'neutral':
      return undefined;
    case 'alive':
      return failingSince === undefined ? undefined : { kind: 'clear', epoch, failingSince };
    case 'failure': {
      const { aliveAt } = outcome;
      // Without a breaker more failures change nothing until it is given up.
      if (!rules.enabled && failures >= rules.threshold && !isGivenUp(circuit, rules, now)) return undefined;
      return failingSince !== undefined && aliveAt !== undefined && failingSince <= aliveAt
        ? { kind: 'restart', epoch, at: now, failingSince }
        : { kind: 'count', epoch, at: now, ...(aliveAt === undefined ? {} : { aliveAt }) };
    }
  }
}

function afterProbe(
  circuit: OpenCircuit,
  { health, probeId }: CircuitOutcome,
  rules: CircuitBreakerConfig,
  now: number,
): CircuitChange | undefined {
  // Fenced: a probe whose lease has passed to another one has nothing to say.
  if (probeId === undefined || probeId !== circuit.probe?.id) return undefined;
  const { epoch } = circuit;
  switch (health) {
    case 'neutral':
      return { kind: 'give-back', epoch, probeId };
    case 'alive':
      return { kind: 'close', epoch, probeId, at: now };
    case 'failure':
      return { kind: 'reopen', epoch, probeId, until: now + openFor(rules, circuit.reopenings + 1) };
  }
}

/** The opening that a circuit is due for, once enough failures have been counted. */
export function opening(
  circuit: Circuit,
  rules: CircuitBreakerConfig,
  now: number,
): Extract<CircuitChange, { kind: 'open' }> | undefined {
  if (!rules.enabled || circuit.state !== 'closed' || circuit.failures < rules.threshold) return undefined;
  return { kind: 'open', epoch: circuit.epoch, at: now, until: now + openFor(rules, 0) };
}

/** The lease for the probe that may be made now; `circuitState` says whether one may. */
export function leasing(circuit: OpenCircuit, probe: ProbeLease, now: number): CircuitChange {
  return { kind: 'lease', epoch: circuit.epoch, openUntil: circuit.until, at: now, probe };
}
