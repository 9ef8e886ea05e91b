import type { Delivery } from '#core/delivery/delivery.ts';
import type { Fact } from '#core/delivery/fact.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './receive.ts';
import { releaseProbe } from './record-outcome.ts';
import { sendSigned } from './request.ts';
import type { Probe } from './take-probe.ts';
import { type RequestWatch, watchedRequest } from './watched-request.ts';

// Clocks of functions differ by less than this. Another function may take a claim or a lease for ended that much earlier.
const clocksApart = 5_000;

/**
 * Makes one HTTP request, unless the event is gone. The writes and reads before it may have taken so long that the claim or
 * the probe's lease would end during the request, and another function would make the same one: then the message comes
 * again.
 */
export async function attempt(
  delivery: Delivery,
  { record, fact, content: read, marks }: Work,
  probe: Probe | undefined,
  ports: DeliverPorts,
): Promise<Fact> {
  const content = await read();
  if (!content) return { kind: 'event_missing' };
  const startedAt = ports.now();
  const rights = [probe?.until ?? Number.POSITIVE_INFINITY, claimedUntil(delivery)];
  if (startedAt + record.endpoint.timeout + clocksApart > Math.min(...rights)) {
    if (probe) await releaseProbe(record, probe, ports);
    return { kind: 'requeued', claimId: fact.claim.id };
  }
  const send = (watch: RequestWatch) => sendSigned(delivery, record.endpoint, content, ports, watch);
  const { result, marked } = await watchedRequest(record, send, ports);
  marks.push(marked);
  if (!result) {
    // The lease first, because the receiver of the message in the slow queue may need it.
    if (probe) await releaseProbe(record, probe, ports);
    return { kind: 'preempted', claimId: fact.claim.id, isProbe: probe !== undefined };
  }
  ports.report({ delivery, eventType: content.type, result });
  const { shortestDelay } = ports;
  const policy = { ...effectiveRetryPolicy(record.endpoint.retryConfig), shortestDelay };
  const of = {
    generation: delivery.generation,
    claimId: fact.claim.id,
    endpointSince: record.state.since,
  };
  return { kind: 'attempted', ...of, startedAt, result, policy };
}

/** Infinity for a first attempt, which has no claim. */
const claimedUntil = ({ state }: Delivery): number =>
  state.status === 'attempting' ? state.until : Number.POSITIVE_INFINITY;
