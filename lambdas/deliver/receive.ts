import { isClean } from '#core/circuit/circuit.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { FactOf } from '#core/delivery/fact.ts';
import { circuitStateFor } from '#core/delivery/probe.ts';
import { unstored } from '#core/delivery/transition.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { timeOf } from '#core/id/ids.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import type { ReceivedMessage } from '#core/message/received.ts';
import { type Limit, patienceOf } from '#core/rate-limit/slot.ts';
import { isSlow } from '#core/slow-endpoint/slow-endpoint.ts';
import { type Content, contentOf } from './content.ts';
import type { QueueClass } from './env.ts';
import type { DeliverPorts } from './ports.ts';

/** What the steps up to the attempt of one delivery need. */
export interface Work {
  /** The endpoint as it was read. */
  readonly record: EndpointRecord;
  readonly fact: FactOf<'message_received'>;
  /** What is sent, read at the first call; undefined when the event is gone. */
  content(): Promise<Content | undefined>;
  /** Marks of a slow endpoint that are being stored. */
  readonly marks: Promise<void>[];
}

// A message that waited longer may find its event deleted, or another message sent because this one seemed lost. So it reads
// the item and claims. A newer one saves the price of both.
const skipReadWithin = 60_000;
// A claim outlasts its request by this, which covers the reading of a large payload before it, retries included. So only a
// crash leaves a claim behind.
const claimMargin = 15_000;

export interface Received {
  readonly delivery: Delivery;
  readonly fact: FactOf<'message_received'>;
  /** Undefined when the endpoint is deleted: then no attempt follows. */
  readonly work: Work | undefined;
}

/**
 * Reads the endpoint and, unless the message is a new first one, the delivery's item.
 *
 * The queue itself may hand over a first message twice. While the endpoint answers well, that makes a second request at
 * worst. But after a failure the second one would be early. So while failures of the endpoint are known, first messages
 * read the item and claim like all others.
 */
export async function receive(
  message: DeliveryMessage,
  received: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Received> {
  const isNew = ports.now() - timeOf(message.eventId) <= skipReadWithin;
  const mayBeFirst = message.first && received.receiveCount === 1 && isNew;
  const read = () => ports.deliveries.get(message.endpointId, message.eventId);
  const [record, found] = await Promise.all([endpointOf(message, ports), mayBeFirst ? undefined : read()]);
  const firstReceive = mayBeFirst && isClean(record?.circuit);
  const stored = mayBeFirst && !firstReceive ? await read() : found;
  const now = ports.now();
  const delivery = stored ?? unstored(message, now);
  const limit = record && limitOf(record, ports.queueClass);
  const fact: FactOf<'message_received'> = {
    kind: 'message_received',
    generation: message.generation,
    firstReceive,
    endpoint: record?.state.status ?? 'deleted',
    circuit: record ? circuitStateFor(record, delivery, now) : 'go',
    divert: ports.queueClass !== 'slow' && isSlow(record?.slowUntil, now),
    limit,
    claim: { id: ports.newClaimId(), until: now + (record?.endpoint.timeout ?? 0) + claimMargin },
  };
  return {
    delivery,
    fact,
    work: record && { record, fact, content: once(() => contentOf(message, ports)), marks: [] },
  };
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * An eventually consistent read, at half the price. If it would end the delivery, a consistent one follows, because the
 * first may not know yet that the endpoint was created or enabled.
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
