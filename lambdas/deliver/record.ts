import { admission, cleanCircuit } from '../core/circuit/circuit.ts';
import { planHeld } from '../core/circuit/drain.ts';
import { decide } from '../core/delivery/decide.ts';
import { type Delivery, isHeldByCause, newDelivery } from '../core/delivery/delivery.ts';
import type { Command, Decision, Fact } from '../core/delivery/fact.ts';
import { outcomeOf } from '../core/delivery/outcome.ts';
import { release } from '../core/delivery/release.ts';
import { effectiveRetryPolicy } from '../core/delivery/retry-policy.ts';
import type { EndpointRecord } from '../core/endpoint/endpoint.ts';
import { timeOf } from '../core/ids.ts';
import { decodeMessage } from '../core/message/codec.ts';
import type { DeliveryMessage } from '../core/message/message.ts';
import { unknownVersionDelay } from '../core/message/trouble.ts';
import { attempt, type Content, contentOf } from './attempt.ts';
import { recordOutcome, takeProbe } from './circuit.ts';
import type { DeliverPorts, ReceivedMessage } from './ports.ts';

/** What to do with the message: delete it, or leave it in the queue until its visibility ends. */
export type Handled = 'done' | 'keep';

// A message that waited longer may be of an event that was deleted meanwhile, which its item would tell. One that is
// new is sent without the price of that look.
const unlookedFor = 60_000;
// A claim outlives its request by this, and by the reading of a large payload before it, retries included: only a
// crash leaves one behind.
const claimMargin = 15_000;
// Twelve receives end in quarantine, so a wait by visibility may spend a few of them and then takes a new message.
const receivesBeforeNewMessage = 6;
const longestVisibility = 900_000;
// Each lost race means somebody else moved the delivery on; more than a few in one go is trouble of our own.
const mostRaces = 5;

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
  const firstReceive = message.first && received.receiveCount === 1;
  const looks = !firstReceive || ports.now() - timeOf(message.eventId) > unlookedFor;
  const [record, stored] = await Promise.all([
    ports.endpoint(message.endpointId, { consistent: false }),
    looks ? ports.deliveries.get(message.endpointId, message.eventId) : undefined,
  ]);
  const fact: Fact = {
    kind: 'woken',
    generation: message.generation,
    firstReceive,
    endpoint: record?.state.status ?? 'deleted',
    circuit: record ? admissionOf(record, ports.now()) : 'go',
    claim: { id: ports.newClaimId(), until: ports.now() + (record?.endpoint.timeout ?? 0) + claimMargin },
  };
  const woken = await settle(stored ?? unstored(message, ports.now()), () => fact, message, ports);
  if (woken.decision.message !== 'attempt') return finish(woken.decision, message, received, ports);
  if (!record)
    throw new Error(`endpoint ${message.endpointId} is deleted and yet its delivery was to be attempted`);

  const content = await contentOf(message, ports);
  if (!content) {
    const cancelled = await settle(woken.delivery, () => ({ kind: 'event-missing' }), message, ports);
    return finish(cancelled.decision, message, received, ports);
  }
  if (fact.circuit !== 'probe')
    return attemptOnce(woken.delivery, { record, content }, message, received, ports);
  const probe = await takeProbe(record, ports);
  if (probe) {
    const probing = { record: { ...record, circuit: probe.circuit }, content, probeId: probe.id };
    return attemptOnce(woken.delivery, probing, message, received, ports);
  }
  const withheld: Fact = { kind: 'withheld', claimId: fact.claim.id };
  const held = await settle(woken.delivery, () => withheld, message, ports);
  return finish(held.decision, message, received, ports);
}

const admissionOf = ({ endpoint, circuit = cleanCircuit }: EndpointRecord, now: number) =>
  admission(circuit, endpoint.circuitBreaker, now);

async function attemptOnce(
  delivery: Delivery,
  what: { readonly record: EndpointRecord; readonly content: Content; readonly probeId?: string },
  message: DeliveryMessage,
  received: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Handled> {
  const { record, content, probeId } = what;
  const startedAt = ports.now();
  const result = await attempt(delivery, record.endpoint, content, ports);
  ports.report({ delivery, eventType: content.type, result });
  const attempted = {
    kind: 'attempted' as const,
    startedAt,
    result,
    policy: effectiveRetryPolicy(record.endpoint.retryConfig),
  };
  const { verdict, health } = outcomeOf(result, attempted.policy.retryableStatuses);
  // Success settles whatever stands; a failure that lost a race has nothing to add to it.
  const raced: Fact = verdict === 'succeeded' ? attempted : { kind: 'overtaken' };
  const settled = await settle(delivery, (races) => (races === 0 ? attempted : raced), message, ports);
  await recordOutcome(record, health, probeId, ports);
  return finish(settled.decision, message, received, ports);
}

/**
 * Decides, stores and carries out, in that order. When another function moved the delivery meanwhile, decides
 * again on what stands.
 */
async function settle(
  start: Delivery,
  factAfter: (races: number) => Fact,
  message: DeliveryMessage,
  ports: DeliverPorts,
): Promise<{ readonly delivery: Delivery; readonly decision: Decision }> {
  let delivery = start;
  for (let races = 0; races < mostRaces; races += 1) {
    const fact = factAfter(races);
    const decision = decide(delivery, fact, ports.now(), ports.random());
    if (decision.store) {
      const outcome = await ports.deliveries.store(decision.store);
      if (outcome !== 'stored') {
        delivery = outcome.standing ?? unstored(message, ports.now());
        continue;
      }
      delivery = decision.store;
      await lookBack(delivery, ports);
    }
    for (const command of decision.commands) await carryOut(command, delivery, message, ports);
    return { delivery, decision };
  }
  throw new Error(
    `delivery of ${message.eventId} to ${message.endpointId} changed ${mostRaces} times while it was handled`,
  );
}

/**
 * A pause or an open circuit may have ended between reading the endpoint and storing the hold; then nobody else would
 * release it.
 */
async function lookBack(delivery: Delivery, ports: DeliverPorts): Promise<void> {
  if (!isHeldByCause(delivery)) return;
  const record = await ports.endpoint(delivery.endpointId, { consistent: true });
  if (planHeld(record).kind === 'stay' && !mayProbe(record, ports.now())) return;
  const wake = (_: Delivery, message: DeliveryMessage, delay: number) => ports.wake(message, delay);
  await release({ deliveries: ports.deliveries, wake }, delivery, isHeldByCause, ports.now());
}

const mayProbe = (record: EndpointRecord | undefined, now: number): boolean =>
  record?.state.status === 'active' && admissionOf(record, now) === 'probe';

async function carryOut(
  command: Command,
  delivery: Delivery,
  message: DeliveryMessage,
  ports: DeliverPorts,
): Promise<void> {
  switch (command.kind) {
    case 'wake':
      return ports.wake({ ...message, first: false, generation: delivery.generation }, command.delay);
    case 'dead-letter': {
      const { applicationId, endpointId, eventId, generation } = delivery;
      return ports.deadLetter({
        v: 1,
        kind: 'dead-letter',
        applicationId,
        endpointId,
        eventId,
        generation,
        reason: command.reason,
      });
    }
    case 'disable-endpoint':
      return ports.disable(delivery, command.reason, command.asOf);
  }
}

async function finish(
  decision: Decision,
  message: DeliveryMessage,
  received: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Handled> {
  if (decision.message === 'acknowledge') return 'done';
  if (decision.message === 'attempt')
    throw new Error(`delivery of ${message.eventId} was finished before its attempt`);
  const remaining = Math.max(0, decision.message.waitUntil - ports.now());
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

function unstored(message: DeliveryMessage, now: number): Delivery {
  // The queue has kept any delay already; a clock that runs behind ingest's must not add a wait.
  return newDelivery(message, Math.min(timeOf(message.eventId), now));
}
