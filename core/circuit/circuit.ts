/** How an endpoint's circuit breaker is configured. */
export interface CircuitBreakerConfig {
  readonly enabled: boolean;
  /** So many different deliveries fail in a row before the circuit opens. */
  readonly threshold: number;
  /** How long it stays open before the first probe, in milliseconds. */
  readonly timeout: number;
}

/** The right to make the one request that a half-open circuit allows. */
export interface ProbeLease {
  readonly id: string;
  /** Epoch milliseconds. After it, the function that held the lease counts as crashed. */
  readonly until: number;
}

/**
 * An endpoint's circuit breaker. Times are epoch milliseconds.
 *
 * - `revision` grows by one with each stored change and guards it; 0 is a circuit that was never stored.
 * - `epoch` grows whenever the circuit closes, because attempts of an older epoch say nothing about the endpoint now.
 * - `failures` counts the different deliveries that failed since the endpoint last was alive. `failingSince` is when the
 *   first of their attempts began: a delivery whose failed attempt began later is counted already.
 */
export type Circuit = {
  readonly revision: number;
  readonly epoch: number;
  readonly failures: number;
} & (
  | {
      readonly state: 'closed';
      /** Since when it is closed; absent while it never was open. */
      readonly since?: number;
      readonly failingSince?: number;
    }
  | {
      readonly state: 'open';
      readonly since: number;
      readonly failingSince: number;
      /** No probe before it; from then on the circuit is half-open. */
      readonly until: number;
      /** How many probes have failed. */
      readonly reopenings: number;
      readonly probe?: ProbeLease;
    }
);

export type ClosedCircuit = Extract<Circuit, { state: 'closed' }>;
export type OpenCircuit = Extract<Circuit, { state: 'open' }>;

/** The circuit of an endpoint that never failed; it is not stored. */
export const cleanCircuit: ClosedCircuit = { state: 'closed', revision: 0, epoch: 0, failures: 0 };

/** Whether nothing is known against the endpoint. */
export const isClean = ({ state, failures }: Circuit = cleanCircuit): boolean =>
  state === 'closed' && failures === 0;

/** The circuit after it closes, with nothing known against the endpoint. */
export const nextEpoch = ({ revision, epoch }: Circuit, now: number): ClosedCircuit => ({
  state: 'closed',
  revision: revision + 1,
  epoch: epoch + 1,
  since: now,
  failures: 0,
});

/** What the circuit lets a delivery do that is due: go, be the probe if it gets the lease, or wait. */
export type CircuitState = 'go' | 'probe' | 'wait';

/** @param now epoch milliseconds */
export function circuitState(circuit: Circuit, rules: CircuitBreakerConfig, now: number): CircuitState {
  if (!rules.enabled || circuit.state === 'closed') return 'go';
  if (now < circuit.until || isProbing(circuit, now)) return 'wait';
  return 'probe';
}

/** @param record an endpoint with its circuit */
export const circuitStateOf = (
  {
    endpoint,
    circuit = cleanCircuit,
  }: {
    readonly endpoint: { readonly circuitBreaker: CircuitBreakerConfig };
    readonly circuit?: Circuit;
  },
  now: number,
): CircuitState => circuitState(circuit, endpoint.circuitBreaker, now);

export const isProbing = ({ probe }: OpenCircuit, now: number): boolean =>
  probe !== undefined && now < probe.until;

// Longer than all attempts of the Standard Webhooks schedule together.
const longestFailing = 5 * 24 * 60 * 60_000;

/** So many different deliveries fail before the endpoint is disabled, because one event alone may be the cause. */
export const fewestToGiveUp = ({ threshold }: CircuitBreakerConfig): number => Math.max(threshold, 2);

/** Whether so many deliveries have failed, and for so long, that the endpoint is disabled. */
export function isGivenUp(circuit: Circuit, rules: CircuitBreakerConfig, now: number): boolean {
  const { failures, failingSince } = circuit;
  return (
    failingSince !== undefined && failures >= fewestToGiveUp(rules) && now - failingSince >= longestFailing
  );
}
