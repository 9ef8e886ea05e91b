import type { RequestResult } from '#core/attempt/outcome.ts';
import { decide } from '#core/delivery/decide.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import { toApi } from '#core/delivery/delivery-view.ts';
import {
  type EndpointTest,
  type EndpointTestOutcome,
  longestTest,
} from '#core/endpoint-test/endpoint-test.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { attempt } from './attempt.ts';
import type { DeliverPorts } from './ports.ts';

/**
 * Makes one request as a delivery would make it, now, and tells what came of it: signed, guarded and read by the
 * same code. Nothing is stored, and the circuit hears nothing of it.
 *
 * @param report - told the result.
 */
export async function testEndpoint(
  test: EndpointTest,
  ports: DeliverPorts,
  report: (test: EndpointTest, result: RequestResult) => void,
): Promise<EndpointTestOutcome> {
  const { applicationId, endpointId, eventId, eventType, timestamp, payload } = test;
  const record = await ports.endpoint(endpointId, { consistent: true });
  if (record === undefined || record.endpoint.applicationId !== applicationId) return { kind: 'missing' };
  const { endpoint } = record;
  const startedAt = ports.now();
  const delivery = newDelivery(
    { applicationId, endpointId, eventId, priority: endpoint.priority },
    startedAt,
  );
  const result = await attempt(
    delivery,
    { ...endpoint, timeout: Math.min(endpoint.timeout, longestTest) },
    { type: eventType, timestamp, payload: Buffer.from(payload) },
    ports,
    // Nobody waits for its place: it has its own deadline and no other.
    new AbortController().signal,
  );
  report(test, result);
  const policy = effectiveRetryPolicy(endpoint.retryConfig);
  const decision = decide(
    delivery,
    { kind: 'attempted', startedAt, result, policy },
    ports.now(),
    ports.random(),
  );
  const [made] = decision.store === undefined ? [] : toApi(decision.store, ports.now()).attempts;
  if (made === undefined) throw new Error(`the test of endpoint ${endpointId} left no attempt behind`);
  // What a delivery would do next is not what happens after a test.
  const { nextAttemptAt, ...shown } = made;
  return { kind: 'attempted', attempt: shown };
}
