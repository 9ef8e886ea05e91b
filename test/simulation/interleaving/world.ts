import type { RequestResult } from '#core/attempt/outcome.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { deliveryId } from '#core/id/ids.ts';
import { decodeMessage } from '#core/message/codec.ts';
import type { Call, Life } from '../plant/faults.ts';
import type { Plant } from '../plant/plant.ts';
import type { Received } from '../plant/receivers.ts';
import type { Story } from './story.ts';

/** What must hold in every life. It hears what happens, and reports what must not. */
export interface Invariant {
  /** A delivery was stored. */
  onDelivery?(next: Delivery, before: Delivery | undefined, life: Life): void;
  /** The record of an endpoint changed; it is undefined once the endpoint is deleted. */
  onEndpoint?(id: string, next: EndpointRecord | undefined, before: EndpointRecord, life: Life): void;
  /** A request reached its receiver. */
  onRequest?(request: Received, life: Life): void;
  onAnswer?(request: Received, result: RequestResult, life: Life): void;
  onEffect?(call: Call, result: unknown, life: Life): void;
  /** The work on a message ended. */
  onHandled?(life: Life, error: unknown): void;
  /** All is quiet. */
  onEnd?(): void;
}

/** One life, as invariants see it. */
export interface World {
  readonly plant: Plant;
  readonly story: Story;
  /** The events that were answered 202, and when. */
  readonly accepted: ReadonlyMap<string, number>;
  /** The tasks that were answered 202. */
  readonly tasks: ReadonlySet<string>;
  /** Reports that something happened that must not. */
  violated(what: string): void;
}

export const keyOf = ({ endpointId, eventId }: Pick<Delivery, 'endpointId' | 'eventId'>): string =>
  deliveryId(endpointId, eventId);

/** Whether an invocation handles a message that says that it is the first one of its delivery. */
export function isFirst({ message }: Life): boolean {
  const body = message && decodeMessage(message.body);
  return body?.kind === 'delivery' && body.first;
}

/**
 * Whether the poller handed over a first message twice at the same time. Each of the two may attempt it before the other
 * one has stored anything: what promise 4 leaves.
 */
export const isRepeatedFirst = (life: Life): boolean =>
  life.message?.isHandledTwice === true && isFirst(life);
