import type { RequestResult } from '#core/attempt/outcome.ts';
import { decide } from '#core/delivery/decide.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import { toApi } from '#core/delivery/delivery-view.ts';
import { CredentialsError } from '#core/encryption/errors.ts';
import {
  type EndpointTest,
  type EndpointTestOutcome,
  longestTest,
} from '#core/endpoint-test/endpoint-test.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import type { DeliverPorts } from './ports.ts';
import { sendSigned } from './request.ts';

/**
 * Makes one request as a delivery would make it, signed, guarded and read by the same code, and returns the attempt.
 * Nothing is stored, and the circuit does not count it.
 *
 * @param report called with the result
 */
export async function testEndpoint(
  test: EndpointTest,
  ports: DeliverPorts,
  report: (test: EndpointTest, result: RequestResult) => void,
): Promise<EndpointTestOutcome> {
  const { applicationId, endpointId, eventId, eventType, timestamp, payload, hops } = test;
  const record = await readable(ports.endpoint(endpointId, { consistent: true }));
  if (record instanceof CredentialsError) return { kind: 'unreadable', detail: record.message };
  if (record === undefined || record.endpoint.applicationId !== applicationId) return { kind: 'missing' };
  const { endpoint } = record;
  const startedAt = ports.now();
  const delivery = newDelivery(
    { applicationId, endpointId, eventId, priority: endpoint.priority },
    startedAt,
  );
  const result = await sendSigned(
    delivery,
    { ...endpoint, timeout: Math.min(endpoint.timeout, longestTest) },
    { type: eventType, timestamp, payload: Buffer.from(payload), hops, isTest: true },
    ports,
    // It is not preempted, because no queue waits for this function, and it marks nothing.
    { signal: new AbortController().signal, onSent: () => undefined },
  );
  report(test, result);
  const policy = effectiveRetryPolicy(endpoint.retryConfig);
  const decision = decide(
    delivery,
    {
      kind: 'attempted',
      ...{ generation: delivery.generation, claimId: '', endpointSince: record.state.since },
      ...{ startedAt, result, policy },
    },
    ports.now(),
    ports.random(),
  );
  const [made] = decision.store === undefined ? [] : toApi(decision.store, ports.now()).attempts;
  if (made === undefined) throw new Error(`the test of endpoint ${endpointId} recorded no attempt`);
  // A test is not repeated.
  const { nextAttemptAt, ...shown } = made;
  return { kind: 'attempted', attempt: shown };
}

/** The error itself, so that the caller learns why nothing was sent. */
async function readable<Value>(read: Promise<Value>): Promise<Value | CredentialsError> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof CredentialsError) return error;
    throw error;
  }
}
