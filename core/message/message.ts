import type { Priority } from '#core/event/event.ts';

/** The payload in a message. It is base64, because SQS refuses some characters that JSON allows. */
export interface CarriedPayload {
  readonly encoding: 'plain' | 'deflate';
  readonly data: string;
}

/** The part of its event that a message carries, so that a first attempt need not read the event. */
export interface CarriedEvent {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly payload: CarriedPayload;
  /** How many webhooks led to it. @default 0 */
  readonly hops?: number;
}

/** Wakes a delivery. It names the item in the table, and the item decides. */
export interface DeliveryMessage {
  readonly v: 1;
  readonly kind: 'delivery';
  readonly applicationId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly priority: Priority;
  readonly generation: number;
  /** True for the first message of ingest or fan-out. Its delivery has no item, unless it was received before. */
  readonly first: boolean;
  /** Absent when the message would be larger than a billing chunk; then the event is read from the table. */
  readonly event?: CarriedEvent;
}

/** Queues the deliveries of one segment of an event's endpoints. */
export interface FanOutMessage {
  readonly v: 1;
  readonly kind: 'fan-out';
  readonly applicationId: string;
  readonly eventId: string;
  readonly segment: number;
  /** How often quarantine sent it again; absent for never. */
  readonly again?: number;
}

/** A delivery that used up its attempts or was refused for good. */
export interface DeadLetterMessage {
  readonly v: 1;
  readonly kind: 'dead-letter';
  readonly applicationId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly generation: number;
  readonly reason: string;
}

/** Starts the next step of a task, whose item says what to do. */
export interface TaskMessage {
  readonly v: 1;
  readonly kind: 'task';
  readonly taskId: string;
  /** The step to do. A message for a step that is done is ignored. */
  readonly step: number;
}

/** Releases the next deliveries that are held for an endpoint. */
export interface DrainMessage {
  readonly v: 1;
  readonly kind: 'drain';
  readonly applicationId: string;
  readonly endpointId: string;
  /** The number of the step before; 0 for the first step. */
  readonly step: number;
}

export type Message = DeliveryMessage | FanOutMessage | DeadLetterMessage | TaskMessage | DrainMessage;
