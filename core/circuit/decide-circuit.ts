import type { Health } from '#core/attempt/outcome.ts';
import {
  type Circuit,
  type CircuitBreakerConfig,
  type ClosedCircuit,
  circuitState,
  fewestToGiveUp,
  isGivenUp,
  nextEpoch,
  type OpenCircuit,
  type ProbeLease,
} from './circuit.ts';

/** What an endpoint's circuit is moved by. Times are epoch milliseconds. */
export type CircuitFact =
  /** A delivery asks for the one request that a half-open circuit allows. */
  | { readonly kind: 'probe_requested'; readonly probe: ProbeLease }
  /** An attempt ended. */
  | {
      readonly kind: 'attempted';
      readonly health: Health;
      /** The circuit's epoch when the attempt began. */
      readonly epoch: number;
      /** Of the lease, if the attempt was the probe. */
      readonly probeId?: string;
      readonly startedAt: number;
      /** When another attempt of the same delivery began that failed, the last one. */
      readonly otherFailure?: number;
      /** When the recording process itself last saw the endpoint alive. */
      readonly aliveAt?: number;
    };

export interface CircuitDecision {
  /** Store this, guarded by the revision it came from; absent when nothing changes. */
  readonly store?: Circuit;
  /** What that makes of the endpoint. The endpoint has to be watched before an opening is stored. */
  readonly event?: 'opened' | 'closed' | 'given_up';
}

const unchanged: CircuitDecision = {};

const longestOpen = 60 * 60_000;

/** Milliseconds that a circuit stays open: its timeout, doubled by every failed probe, at most an hour. */
export const openFor = (rules: CircuitBreakerConfig, reopenings: number): number =>
  Math.min(longestOpen, rules.timeout * 2 ** Math.min(reopenings, 30));

/**
 * Decides what becomes of a circuit. Pure: another function may have changed the circuit meanwhile, and then the same
 * fact is decided again on what stands.
 *
 * | fact               | closed                          | open                        | half-open           |
 * | ------------------ | ------------------------------- | --------------------------- | ------------------- |
 * | probe_requested    | –                               | –                           | lease, if free      |
 * | attempted: alive   | failures forgotten, if any      | only of the probe: closed, in the next epoch      |
 * | attempted: failure | counted; open at the threshold  | only of the probe: open again, for twice as long  |
 * | attempted: neutral | –                               | only of the probe: lease released                 |
 *
 * An attempt that began in an older epoch changes nothing. A delivery is counted once, however often it fails.
 */
export function decideCircuit(
  circuit: Circuit,
  fact: CircuitFact,
  rules: CircuitBreakerConfig,
  now: number,
): CircuitDecision {
  if (fact.kind === 'probe_requested') {
    const isFree = circuit.state === 'open' && circuitState(circuit, rules, now) === 'probe';
    return isFree ? { store: moved({ ...circuit, probe: fact.probe }) } : unchanged;
  }
  if (fact.epoch !== circuit.epoch) return unchanged;
  return circuit.state === 'closed'
    ? whileClosed(circuit, fact, rules, now)
    : afterProbe(circuit, fact, rules, now);
}

type Attempted = Extract<CircuitFact, { kind: 'attempted' }>;

function whileClosed(
  circuit: ClosedCircuit,
  fact: Attempted,
  rules: CircuitBreakerConfig,
  now: number,
): CircuitDecision {
  const { failingSince, ...rest } = circuit;
  const { health, aliveAt, startedAt } = fact;
  if (health === 'neutral') return unchanged;
  if (health === 'alive')
    // Successes of a healthy endpoint store nothing, so that they cost nothing.
    return failingSince === undefined ? unchanged : { store: moved({ ...rest, failures: 0 }) };
  // Without a breaker, more failures change nothing until the endpoint is given up.
  if (!rules.enabled && rest.failures >= fewestToGiveUp(rules) && !isGivenUp(circuit, rules, now))
    return unchanged;
  const isBroken = failingSince !== undefined && aliveAt !== undefined && failingSince <= aliveAt;
  const counted: ClosedCircuit = isBroken
    ? { ...rest, failures: 1, failingSince: startedAt }
    : withFailure(circuit, fact);
  if (isGivenUp(counted, rules, now)) return { store: moved(counted), event: 'given_up' };
  if (counted === circuit) return unchanged;
  if (!rules.enabled || counted.failures < rules.threshold) return { store: moved(counted) };
  return { store: moved(opened(counted, rules, now)), event: 'opened' };
}

/** The circuit with one more delivery that failed; the same one if it counts this delivery already. */
function withFailure<State extends Circuit>(circuit: State, { startedAt, otherFailure }: Attempted): State {
  const { failures, failingSince = startedAt } = circuit;
  if (failures > 0 && otherFailure !== undefined && otherFailure >= failingSince) return circuit;
  return { ...circuit, failures: failures + 1, failingSince: Math.min(failingSince, startedAt) };
}

const opened = (
  { revision, epoch, failures, failingSince }: ClosedCircuit,
  rules: CircuitBreakerConfig,
  now: number,
): OpenCircuit => ({
  state: 'open',
  revision,
  epoch,
  failures,
  failingSince: failingSince ?? now,
  since: now,
  until: now + openFor(rules, 0),
  reopenings: 0,
});

function afterProbe(
  circuit: OpenCircuit,
  fact: Attempted,
  rules: CircuitBreakerConfig,
  now: number,
): CircuitDecision {
  const { probe, ...rest } = circuit;
  const { health, probeId } = fact;
  // A probe whose lease has passed to another one changes nothing, and neither does an attempt without a lease.
  if (probeId === undefined || probeId !== probe?.id) return unchanged;
  switch (health) {
    case 'neutral':
      return { store: moved(rest) };
    case 'alive':
      return { store: nextEpoch(circuit, now), event: 'closed' };
    case 'failure': {
      const reopenings = rest.reopenings + 1;
      const store = moved({
        ...withFailure<OpenCircuit>(rest, fact),
        reopenings,
        until: now + openFor(rules, reopenings),
      });
      return isGivenUp(store, rules, now) ? { store, event: 'given_up' } : { store };
    }
  }
}

const moved = <State extends Circuit>(circuit: State): State => ({
  ...circuit,
  revision: circuit.revision + 1,
});
