import type { RequestResult } from '#core/attempt/outcome.ts';
import type { Circuit } from '#core/circuit/circuit.ts';
import type { Stored } from '#core/concurrency/transition.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { Deliveries } from '#core/delivery/transition.ts';
import type { CredentialsUnavailable } from '#core/encryption/errors.ts';
import type { EndpointRecord, EndpointReference } from '#core/endpoint/endpoint.ts';
import type { StoredEvent } from '#core/event/event.ts';
import type { DeadLetterMessage, DeliveryMessage } from '#core/message/message.ts';
import type { Handled, ReceivedMessage } from '#core/message/received.ts';
import { type QueueClass, queueClasses } from './env.ts';

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
  /** Milliseconds for everything from DNS to the last byte. */
  readonly timeout: number;
  /** Ends the request early, as if its time were over. */
  readonly signal: AbortSignal;
  /** Called when the whole request was sent: DNS, TCP and TLS are over. Called again if it is sent again. */
  readonly onSent: () => void;
}

/** What is logged and counted of each attempt. */
export interface AttemptReport {
  readonly delivery: Delivery;
  readonly eventType: string;
  readonly result: RequestResult;
}

/** What is done about slow endpoints. */
export interface SlowEndpointPorts {
  readonly queueClass: QueueClass;
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back after `delay` milliseconds unless stopped before; returns what stops it. */
  after(delay: number, ring: () => void): () => void;
  /** Marks an endpoint as slow, or keeps it so; never rejects. */
  markSlow(endpointId: string): Promise<void>;
  /** About how many messages wait in the queue that this function consumes; 0 when that is unknown. Never rejects. */
  waiting(): Promise<number>;
}

/** What an endpoint's circuit touches outside this process. Times are epoch milliseconds. */
interface CircuitPorts {
  /** Stores a circuit if the revision before it still stands. Nothing stands for a deleted endpoint. */
  store(endpointId: string, next: Circuit): Promise<Stored<Circuit>>;
  /** Makes the scheduler check the endpoint every minute. */
  watch(endpoint: EndpointReference): Promise<void>;
  /** Queues the first step of releasing what is held for the endpoint. */
  drain(endpoint: EndpointReference): Promise<void>;
  /** @param epoch of the circuit that opened, or closed again */
  announce(
    event: 'circuit.opened' | 'circuit.closed',
    endpoint: EndpointReference,
    epoch: number,
  ): Promise<void>;
  /** When this process last saw the endpoint alive. */
  aliveAt(endpointId: string): number | undefined;
  sawAlive(endpointId: string, at: number): void;
}

/** Everything a delivery touches outside this process. */
export interface DeliverPorts extends SlowEndpointPorts {
  readonly version: string;
  /** Names this deployment in the hop header. */
  readonly deployment: string;
  /** Milliseconds between two attempts of a delivery, at least. */
  readonly shortestDelay: number;
  /** In [0, 1). */
  random(): number;
  newClaimId(): string;
  sleep(delay: number): Promise<void>;
  /** Handles a message, unless a copy with the same key is being handled: then the outcome is that of the copy. */
  once(key: string, handle: () => Promise<Handled>): Promise<Handled>;
  /** @throws CredentialsUnavailable, CredentialsDamaged when the credentials of the endpoint cannot be read */
  endpoint(
    endpointId: string,
    options: { readonly consistent: boolean },
  ): Promise<EndpointRecord | undefined>;
  readonly deliveries: Deliveries;
  event(
    applicationId: string,
    eventId: string,
    options: { readonly consistent: boolean },
  ): Promise<StoredEvent | undefined>;
  send(request: OutgoingRequest): Promise<RequestResult>;
  /**
   * Reserves the endpoint's next slot and returns its time (epoch ms): Infinity when that is too far ahead, undefined when
   * the endpoint is deleted.
   *
   * @param lostAt the last slot that this delivery missed
   */
  reserve(record: EndpointRecord, perSecond: number, lostAt: number | undefined): Promise<number | undefined>;
  /** Queues a wake-up in the retry queue, invisible for `delay` milliseconds; rejects when it is refused. */
  wake(message: DeliveryMessage, delay: number): Promise<void>;
  /** Queues a message in the slow queue; rejects when it is refused. */
  divert(message: DeliveryMessage): Promise<void>;
  /** Queues a message of an unknown version again, invisible for `delay` milliseconds. */
  sendAgain(received: ReceivedMessage, delay: number): Promise<void>;
  deadLetter(message: DeadLetterMessage): Promise<void>;
  /** Announces that a delivery was cancelled because it would have waited too long. */
  expired(delivery: Delivery): Promise<void>;
  disable(endpoint: EndpointReference, reason: string, asOf: number): Promise<void>;
  readonly circuits: CircuitPorts;
  /** Makes the received message invisible for `delay` milliseconds. */
  postpone(receiptHandle: string, delay: number): Promise<void>;
  report(attempt: AttemptReport): void;
  /** Reports a delivery that waits because the key service does not unwrap the key of its application. */
  onCredentialsUnavailable(message: DeliveryMessage, error: CredentialsUnavailable): void;
}
