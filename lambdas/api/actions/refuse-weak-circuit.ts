import type { Caller } from '#adapters/http-api/auth.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { Problem } from '#core/problem/problem.ts';

type CircuitBreaker = Endpoint['circuitBreaker'];

// A circuit that opens only after more failures protects no receiver.
const mostFailures = 100;
const accepted = `a circuit breaker that is enabled, with a threshold of at most ${mostFailures}`;

/**
 * Refuses a circuit breaker that protects the receiver no longer, unless it stays as it was.
 *
 * @param isAllowed whether tokens of applications may set one, too
 * @param before of the endpoint before the change
 * @throws Problem `operator_required`
 */
export function refuseWeakCircuit(
  { isOperator }: Pick<Caller, 'isOperator'>,
  wanted: CircuitBreaker,
  isAllowed: boolean,
  before?: CircuitBreaker,
): void {
  if (isOperator || isAllowed) return;
  const isOff = !wanted.enabled && before?.enabled !== false;
  const isLate = wanted.threshold > mostFailures && wanted.threshold !== before?.threshold;
  if (!isOff && !isLate) return;
  const field = isOff ? 'circuitBreaker.enabled' : 'circuitBreaker.threshold';
  throw new Problem('operator_required', {
    detail:
      `${field}: received ${isOff ? 'false' : wanted.threshold}; accepted: ${accepted}; an operator may set it, or allow ` +
      'it for all with the setting allowCircuitOff',
    field,
    accepted,
  });
}
