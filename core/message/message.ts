import type { Priority } from '#core/event/event.ts';

/** The payload inside a message: base64, since SQS refuses characters that JSON allows. */
export interface CarriedPayload {
  readonly encoding: 'plain' | 'deflate';
  readonly data: string;
}

/** What a message carries of its event, so that a first attempt need not read it. */
export interface CarriedEvent {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly payload: CarriedPayload;
}

/** Wakes a delivery. The item in the table decides; this says only which one to look at. */
export interface DeliveryMessage {
  readonly v: 1;
  readonly kind: 'delivery';
  readonly applicationId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly priority: Priority;
  readonly generation: number;
  /** True only for the message that ingest or fan-out sent: its delivery has no item unless it was received before. */
  readonly first: boolean;
  /** Absent when the payload would cross a billing chunk; then the event is read from the table. */
  readonly event?: CarriedEvent;
}

/** Queues the deliveries of one segment of an event's endpoints. */
export interface FanOutMessage {
  readonly v: 1;
  readonly kind: 'fan-out';
  readonly applicationId: string;
  readonly eventId: string;
  readonly segment: number;
  /** How often it was sent again out of quarantine; absent for never. */
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

/** Lets a task go on: its item says with what. */
export interface TaskMessage {
  readonly v: 1;
  readonly kind: 'task';
  readonly taskId: string;
  /** The step it asks for: a message for one that is done has nothing more to say. */
  readonly step: number;
}

/** Takes the next step in releasing what is held for an endpoint. */
export interface DrainMessage {
  readonly v: 1;
  readonly kind: 'drain';
  readonly applicationId: string;
  readonly endpointId: string;
  /** The step it follows; 0 begins. */
  readonly step: number;
}

export type Message = DeliveryMessage | FanOutMessage | DeadLetterMessage | TaskMessage | DrainMessage;
