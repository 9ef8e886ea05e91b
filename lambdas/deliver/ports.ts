import type { RequestResult } from '#core/attempt/outcome.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { StoredEvent } from '#core/event/event.ts';
import type { DeadLetterMessage, DeliveryMessage } from '#core/message/message.ts';
import type { ReceivedMessage } from '#core/message/received.ts';
import type { CircuitPorts, EndpointReference } from './circuit.ts';
import { type QueueClass, queueClasses } from './env.ts';
import type { SlowEndpointPorts } from './watched-request.ts';

/** @throws Error naming what was received and what is accepted */
export function parseQueueClass(text: string): QueueClass {
  const known = queueClasses.find((name) => name === text);
  if (!known) throw new Error(`unknown queue class "${text}"; accepted: ${queueClasses.join(', ')}`);
  return known;
}

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Total, in milliseconds, over everything from DNS to the last byte. */
  readonly timeout: number;
  /** Ends the request early, as if its time were over. */
  readonly signal: AbortSignal;
}

/** What is logged and counted of each attempt. */
export interface AttemptReport {
  readonly delivery: Delivery;
  readonly eventType: string;
  readonly result: RequestResult;
}

/** What waiting in the line of an endpoint with a rate limit touches outside this process. */
export interface SlotPorts {
  sleep(delay: number): Promise<void>;
  /**
   * The time of the next place in the line (epoch ms); Infinity when it is too long; undefined for a deleted endpoint.
   *
   * @param lostAt when the last place of this delivery was, that it lost
   */
  reserve(record: EndpointRecord, perSecond: number, lostAt: number | undefined): Promise<number | undefined>;
}

/** Everything a delivery touches outside this process. */
export interface DeliverPorts extends SlowEndpointPorts, SlotPorts {
  readonly version: string;
  /** In [0, 1). */
  random(): number;
  newClaimId(): string;
  endpoint(
    endpointId: string,
    options: { readonly consistent: boolean },
  ): Promise<EndpointRecord | undefined>;
  readonly deliveries: {
    get(endpointId: string, eventId: string): Promise<Delivery | undefined>;
    store(next: Delivery): Promise<'stored' | { readonly standing: Delivery | undefined }>;
  };
  event(
    applicationId: string,
    eventId: string,
    options: { readonly consistent: boolean },
  ): Promise<StoredEvent | undefined>;
  send(request: OutgoingRequest): Promise<RequestResult>;
  /** Queues a wake-up in the retry queue, unseen for `delay` milliseconds; rejects when it is refused. */
  wake(message: DeliveryMessage, delay: number): Promise<void>;
  /** Queues a message in the slow queue; rejects when it is refused. */
  divert(message: DeliveryMessage): Promise<void>;
  /** Queues a message of a version this code does not know once more, unseen for `delay` milliseconds. */
  sendAgain(received: ReceivedMessage, delay: number): Promise<void>;
  deadLetter(message: DeadLetterMessage): Promise<void>;
  /** Announces that a delivery was cancelled because it would have waited for too long. */
  expired(delivery: Delivery): Promise<void>;
  disable(endpoint: EndpointReference, reason: string, asOf: number): Promise<void>;
  readonly circuits: CircuitPorts;
  /** Makes the received message unseen for `delay` milliseconds. */
  postpone(receiptHandle: string, delay: number): Promise<void>;
  report(attempt: AttemptReport): void;
}
