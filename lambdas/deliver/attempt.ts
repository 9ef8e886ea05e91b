import type { Delivery } from '#core/delivery/delivery.ts';
import type { Fact } from '#core/delivery/fact.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './receive.ts';
import { releaseProbe } from './record-outcome.ts';
import { sendSigned } from './request.ts';
import type { Probe } from './take-probe.ts';
import { type RequestWatch, watchedRequest } from './watched-request.ts';

/** Makes one HTTP request, unless the event is gone. */
export async function attempt(
  delivery: Delivery,
  { record, fact, content: read, marks }: Work,
  probe: Probe | undefined,
  ports: DeliverPorts,
): Promise<Fact> {
  const content = await read();
  if (!content) return { kind: 'event_missing' };
  const startedAt = ports.now();
  const send = (watch: RequestWatch) => sendSigned(delivery, record.endpoint, content, ports, watch);
  const { result, marked } = await watchedRequest(record, send, ports);
  marks.push(marked);
  if (!result) {
    // The lease first, because the receiver of the message in the slow queue may need it.
    if (probe) await releaseProbe(record, probe, ports);
    return { kind: 'preempted', claimId: fact.claim.id };
  }
  ports.report({ delivery, eventType: content.type, result });
  return { kind: 'attempted', startedAt, result, policy: effectiveRetryPolicy(record.endpoint.retryConfig) };
}
