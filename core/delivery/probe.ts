import { healthOf } from '#core/attempt/outcome.ts';
import { type CircuitState, circuitStateOf } from '#core/circuit/circuit.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import type { Attempt, Delivery } from './delivery.ts';

const isFailure = ({ success, statusCode, errorClass }: Attempt): boolean =>
  !success &&
  (statusCode === undefined ? errorClass !== 'forbidden_target' : healthOf(statusCode) === 'failure');

/** When those attempts of a delivery began, of the ones kept, that say that its endpoint fails. Epoch milliseconds. */
const failuresOf = ({ attempts }: Pick<Delivery, 'attempts'>): readonly number[] =>
  attempts.filter(isFailure).map(({ startedAt }) => startedAt);

/** The last failure of a delivery but the one of the attempt that began at `startedAt`. */
export function otherFailure(delivery: Pick<Delivery, 'attempts'>, startedAt: number): number | undefined {
  const others = failuresOf(delivery).filter((at) => at !== startedAt);
  return others.length === 0 ? undefined : Math.max(...others);
}

/**
 * What an endpoint's circuit lets a delivery do. A delivery that failed since the endpoint was last alive is the probe only
 * if the scheduler chose it, because it may be the reason why the circuit is open.
 */
export function circuitStateFor(record: OutlineRecord, delivery: Delivery, now: number): CircuitState {
  const state = circuitStateOf(record, now);
  return state === 'probe' && !isChosen(delivery) && hasFailed(delivery, record) ? 'wait' : state;
}

const isChosen = ({ state }: Delivery): boolean => state.status === 'queued' && state.isProbe === true;

const hasFailed = (delivery: Delivery, { circuit }: OutlineRecord): boolean =>
  failuresSince(delivery, circuit?.failingSince) > 0;

/** @param since epoch milliseconds; undefined for an endpoint that does not fail */
const failuresSince = (delivery: Delivery, since = Number.POSITIVE_INFINITY): number =>
  failuresOf(delivery).filter((at) => at >= since).length;

/** Whether this delivery may go as the probe of its endpoint's circuit. */
export const mayProbe = (record: OutlineRecord | undefined, delivery: Delivery, now: number): boolean =>
  record?.state.status === 'active' && circuitStateFor(record, delivery, now) === 'probe';

/**
 * Held deliveries in the order in which the scheduler chooses the probe of a circuit: fewest failures since the endpoint
 * was last alive, then oldest. The one that failed last goes last, so that each probe that fails is followed by another.
 *
 * @param failingSince of the circuit
 */
export function inProbeOrder(held: readonly Delivery[], failingSince: number | undefined): Delivery[] {
  const ranked = held.map((delivery) => {
    const failures = failuresSince(delivery, failingSince);
    return { delivery, failures, last: failures > 0 ? Math.max(...failuresOf(delivery)) : 0 };
  });
  const latest = Math.max(1, ...ranked.map(({ last }) => last));
  return ranked
    .toSorted(
      (a, b) =>
        Number(a.last === latest) - Number(b.last === latest) ||
        a.failures - b.failures ||
        (a.delivery.eventId < b.delivery.eventId ? -1 : 1),
    )
    .map(({ delivery }) => delivery);
}
