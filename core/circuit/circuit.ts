/** What a tenant configured. */
export interface CircuitBreakerConfig {
  readonly enabled: boolean;
  /** Consecutive failures that open the circuit. */
  readonly threshold: number;
  /** How long it stays open before the first probe, in milliseconds. */
  readonly timeout: number;
}

/** The right to make the one request that a half-open circuit allows. Times are epoch milliseconds. */
export interface ProbeLease {
  readonly id: string;
  /** After it, whoever held the lease is taken for crashed. */
  readonly until: number;
}

/**
 * An endpoint's breaker. Times are epoch milliseconds.
 *
 * `epoch` grows whenever it closes: what was attempted in an older epoch says nothing about the endpoint of now.
 * `failingSince` is when the first failure came after which nothing but failures was seen.
 */
export type Circuit =
  | {
      readonly state: 'closed';
      readonly epoch: number;
      /** Since when it is closed; absent while it never was open. */
      readonly since?: number;
      /** In a row, since the endpoint last was alive. */
      readonly failures: number;
      readonly failingSince?: number;
    }
  | {
      readonly state: 'open';
      readonly epoch: number;
      readonly since: number;
      readonly failures: number;
      readonly failingSince: number;
      /** No probe before it; from then on the circuit is half-open. */
      readonly until: number;
      /** How many probes have failed. */
      readonly reopenings: number;
      readonly probe?: ProbeLease;
    };

export type ClosedCircuit = Extract<Circuit, { state: 'closed' }>;
export type OpenCircuit = Extract<Circuit, { state: 'open' }>;

/** Of an endpoint that nothing is known against; it is not stored. */
export const cleanCircuit: ClosedCircuit = { state: 'closed', epoch: 0, failures: 0 };

/** What a delivery may do that is due now: be attempted, be the probe if it gets the lease, or wait. */
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

// Five days of Standard Webhooks' schedule are more than all its attempts: nothing is left to try.
const longestFailing = 5 * 24 * 60 * 60_000;

/** Whether the endpoint has failed for so long, and so often, that nobody can be expected to answer there. */
export function isGivenUp(circuit: Circuit, rules: CircuitBreakerConfig, now: number): boolean {
  const { failures, failingSince } = circuit;
  return failingSince !== undefined && failures >= rules.threshold && now - failingSince >= longestFailing;
}
