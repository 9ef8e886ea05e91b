import { unpack } from '#core/event/compression.ts';
import { openPayload } from '#core/message/codec.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import type { DeliverPorts } from './ports.ts';

/** What is sent. */
export interface Content {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
  /** How many webhooks led to the event. @default 0 */
  readonly hops?: number;
  /** @default false */
  readonly isTest?: boolean;
}

/** Takes the content from the message, or from the table if it was too large for the message. */
export async function contentOf(message: DeliveryMessage, ports: DeliverPorts): Promise<Content | undefined> {
  if (message.event) {
    const { payload, ...rest } = message.event;
    return { ...rest, payload: openPayload(payload) };
  }
  const { applicationId, eventId } = message;
  // An eventually consistent read, at half the price, may miss a new event, and without its event a delivery ends.
  const event =
    (await ports.event(applicationId, eventId, { consistent: false })) ??
    (await ports.event(applicationId, eventId, { consistent: true }));
  if (event === undefined) return undefined;
  const { type, timestamp, payload, hops } = event;
  return { type, timestamp, payload: unpack(payload), hops };
}
