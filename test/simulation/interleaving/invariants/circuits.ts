import { outcomeOf } from '#core/attempt/outcome.ts';
import { cleanCircuit } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { parseDeliveryId } from '#core/id/ids.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { minute } from '../../plant/plant.ts';
import { type Invariant, isRepeatedFirst, type World } from '../world.ts';

// An answer may be recorded as long after it came as a function lives.
const recordedWithin = minute;

/** Promise 14: a circuit opens only after as many different deliveries have failed as its threshold says. */
export function oneEventOpensNoCircuit({ plant, violated }: World): Invariant {
  /** When each delivery of an endpoint failed last. */
  const failures = new Map<string, Map<string, number>>();
  const cleanAt = new Map<string, number>();
  /** How often a failure may be counted twice, because its write was repeated after another one. */
  const repeats = new Map<string, number>();
  const writes = new WeakSet<readonly unknown[]>();

  const failedSince = (endpointId: string, since: number): number =>
    [...(failures.get(endpointId)?.values() ?? [])].filter((at) => at >= since).length;

  return {
    onEffect({ name, args }) {
      if (name !== 'circuits.store') return;
      const [endpointId] = args as [string];
      if (writes.has(args)) repeats.set(endpointId, (repeats.get(endpointId) ?? 0) + 1);
      writes.add(args);
    },
    onAnswer({ deliveryId }, result, life) {
      const { endpointId = '' } = parseDeliveryId(deliveryId) ?? {};
      const record = plant.tables.endpoints.get(endpointId)?.record;
      if (!record) return;
      const { retryableStatuses } = effectiveRetryPolicy(record.endpoint.retryConfig);
      if (outcomeOf(result, retryableStatuses).health !== 'failure') return;
      const known = failures.get(endpointId) ?? new Map<string, number>();
      // Two invocations with the same first message each count their own failure.
      const which = isRepeatedFirst(life) ? `${deliveryId} ${life.number}` : deliveryId;
      failures.set(endpointId, known.set(which, plant.now));
    },
    onEndpoint(id, next, before) {
      if (!next) return;
      const [from, to] = [circuitOf(before), circuitOf(next)];
      if (to.failures < from.failures) cleanAt.set(id, plant.now);
      if (from.state !== 'closed' || to.state !== 'open') return;
      const { threshold } = next.endpoint.circuitBreaker;
      const count = failedSince(id, (cleanAt.get(id) ?? 0) - recordedWithin);
      if (count + (repeats.get(id) ?? 0) < threshold)
        violated(`${id} opens after ${count} deliveries failed, and its threshold is ${threshold}`);
    },
  };
}

const circuitOf = ({ circuit = cleanCircuit }: EndpointRecord) => circuit;
