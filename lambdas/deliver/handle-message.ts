import { outcomeOf, type RequestResult } from '#core/attempt/outcome.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { Decision, Fact } from '#core/delivery/fact.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { timeOf } from '#core/id/ids.ts';
import { decodeMessage } from '#core/message/codec.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import type { Handled, ReceivedMessage } from '#core/message/received.ts';
import { unknownVersionDelay } from '#core/message/trouble.ts';
import { type Limit, patienceOf, queuedFor } from '#core/rate-limit/slot.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { isSlow } from '#core/slow-endpoint/slow-endpoint.ts';
import { attempt, type Content, contentOf } from './attempt.ts';
import { recordOutcome, takeProbe } from './circuit.ts';
import type { QueueClass } from './env.ts';
import type { DeliverPorts } from './ports.ts';
import { circuitStateOf, settle, unstored } from './settle.ts';
import { takeTurn } from './turn.ts';
import { watched } from './watched-request.ts';

// While a message waits longer, its event may be deleted, or it is taken for lost and another one sent: so it looks at the
// item and claims, like every other. One that is new is sent without the price of both.
const unlookedFor = 60_000;
// A claim outlives its request by this, and by the reading of a large payload before it, retries included: only a
// crash leaves one behind.
const claimMargin = 15_000;
// Twelve receives end in quarantine, so a wait by visibility may spend a few of them and then takes a new message.
const receivesBeforeNewMessage = 6;
const longestVisibility = 900_000;

/** Handles one message of a delivery queue. Rejects only for trouble of our own; then the message comes again. */
export async function handleRecord(received: ReceivedMessage, ports: DeliverPorts): Promise<Handled> {
  const message = decodeMessage(received.body);
  if (message.kind === 'unknown-version') {
    await ports.sendAgain(received, unknownVersionDelay);
    return 'done';
  }
  if (message.kind !== 'delivery') {
    throw new Error(
      `expected a delivery message, received ${message.kind === 'malformed' ? message.reason : message.kind}`,
    );
  }
  return deliver(message, received, ports);
}

async function deliver(
  message: DeliveryMessage,
  received: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Handled> {
  const isNew = ports.now() - timeOf(message.eventId) <= unlookedFor;
  const firstReceive = message.first && received.receiveCount === 1 && isNew;
  const [record, stored] = await Promise.all([
    endpointOf(message, ports),
    firstReceive ? undefined : ports.deliveries.get(message.endpointId, message.eventId),
  ]);
  const limit = record && limitOf(record, ports.queueClass);
  const fact: Extract<Fact, { kind: 'message_received' }> = {
    kind: 'message_received',
    generation: message.generation,
    firstReceive,
    endpoint: record?.state.status ?? 'deleted',
    circuit: record ? circuitStateOf(record, ports.now()) : 'go',
    divert: ports.queueClass !== 'slow' && isSlow(record?.slowUntil, ports.now()),
    ...(limit === undefined ? {} : { limit }),
    claim: { id: ports.newClaimId(), until: ports.now() + (record?.endpoint.timeout ?? 0) + claimMargin },
  };
  const first = await settle(stored ?? unstored(message, ports.now()), () => fact, message, ports);
  let loading: Promise<Content | undefined> | undefined;
  const load = (): Promise<Content | undefined> => {
    loading ??= contentOf(message, ports);
    return loading;
  };
  const woken =
    record && limit
      ? await takeTurn(first, { record, limit, woken: fact, prepare: load }, message, ports)
      : first;
  if (woken.decision.message !== 'attempt') return finish(woken.decision, message, received, ports);
  if (!record)
    throw new Error(`endpoint ${message.endpointId} is deleted and yet its delivery was to be attempted`);

  const content = await load();
  if (!content) {
    const cancelled = await settle(woken.delivery, () => ({ kind: 'event_missing' }), message, ports);
    return finish(cancelled.decision, message, received, ports);
  }
  const claimId = fact.claim.id;
  if (fact.circuit !== 'probe')
    return attemptOnce(woken.delivery, { record, content, claimId }, message, received, ports);
  const probe = await takeProbe(record, ports);
  if (probe) {
    const probing = { record: { ...record, circuit: probe.circuit }, content, claimId, probeId: probe.id };
    return attemptOnce(woken.delivery, probing, message, received, ports);
  }
  const withheld: Fact = { kind: 'probe_denied', claimId };
  const held = await settle(woken.delivery, () => withheld, message, ports);
  return finish(held.decision, message, received, ports);
}

/**
 * The endpoint as a read at half the price sees it, unless that would end the delivery: such a read may not know yet that
 * the endpoint was made or enabled.
 */
async function endpointOf(
  { endpointId }: DeliveryMessage,
  ports: DeliverPorts,
): Promise<EndpointRecord | undefined> {
  const record = await ports.endpoint(endpointId, { consistent: false });
  const takesNothing = record === undefined || record.state.status === 'disabled';
  return takesNothing ? ports.endpoint(endpointId, { consistent: true }) : record;
}

function limitOf({ endpoint }: EndpointRecord, queueClass: QueueClass): Limit | undefined {
  if (endpoint.rateLimit === undefined) return undefined;
  const { perSecond } = endpoint.rateLimit;
  const amongOthers = queueClass !== 'retry' && queueClass !== 'slow';
  return { perSecond, patience: patienceOf(perSecond, amongOthers) };
}

interface Attempting {
  readonly record: EndpointRecord;
  readonly content: Content;
  readonly claimId: string;
  readonly probeId?: string;
}

async function attemptOnce(
  delivery: Delivery,
  what: Attempting,
  message: DeliveryMessage,
  received: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Handled> {
  const { record, content } = what;
  const startedAt = ports.now();
  const send = (signal: AbortSignal) => attempt(delivery, record.endpoint, content, ports, signal);
  const { result, marked } = await watched(record, send, ports);
  const decision = result
    ? await conclude(delivery, what, { startedAt, result }, message, ports)
    : await giveWay(delivery, what, message, ports);
  await marked;
  return finish(decision, message, received, ports);
}

async function conclude(
  delivery: Delivery,
  { record, content, probeId }: Attempting,
  made: { readonly startedAt: number; readonly result: RequestResult },
  message: DeliveryMessage,
  ports: DeliverPorts,
): Promise<Decision> {
  ports.report({ delivery, eventType: content.type, result: made.result });
  const policy = effectiveRetryPolicy(record.endpoint.retryConfig);
  const attempted = { kind: 'attempted' as const, ...made, policy };
  const { verdict, health } = outcomeOf(made.result, policy.retryableStatuses);
  // Success settles whatever stands; a failure that lost a race has nothing to add to it.
  const raced: Fact = verdict === 'succeeded' ? attempted : { kind: 'superseded' };
  const settled = await settle(delivery, (races) => (races === 0 ? attempted : raced), message, ports);
  await recordOutcome(record, health, probeId, ports);
  return settled.decision;
}

/** The request was cut off: no attempt, and no word about the endpoint. */
async function giveWay(
  delivery: Delivery,
  { record, claimId, probeId }: Attempting,
  message: DeliveryMessage,
  ports: DeliverPorts,
): Promise<Decision> {
  // The lease first: who receives the message in the slow queue may need it.
  if (probeId !== undefined) await recordOutcome(record, 'neutral', probeId, ports);
  const { decision } = await settle(delivery, () => ({ kind: 'preempted', claimId }), message, ports);
  return decision;
}

async function finish(
  decision: Decision,
  message: DeliveryMessage,
  received: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Handled> {
  if (decision.message === 'acknowledge') return 'done';
  if (decision.message === 'attempt' || !('waitUntil' in decision.message))
    throw new Error(`delivery of ${message.eventId} was finished before its attempt`);
  const { waitUntil, slot } = decision.message;
  const left = Math.max(0, waitUntil - ports.now());
  const remaining = slot === undefined ? left : queuedFor(left, slot);
  if (
    ports.queueClass === 'retry' &&
    received.receiveCount < receivesBeforeNewMessage &&
    remaining <= longestVisibility
  ) {
    await ports.postpone(received.receiptHandle, remaining);
    return 'keep';
  }
  await ports.wake({ ...message, first: false }, remaining);
  return 'done';
}
