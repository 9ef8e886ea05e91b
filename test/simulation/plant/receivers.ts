import type { RequestResult } from '#core/attempt/outcome.ts';
import type { OutgoingRequest } from '#lambdas/deliver/ports.ts';
import type { VirtualClock } from './clock.ts';
import type { QueueName } from './queues.ts';

/** A request as it reached its receiver. */
export interface Received {
  readonly deliveryId: string;
  readonly eventId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The queue whose function made it. */
  readonly queue: QueueName;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** @param number counts the requests of the delivery, from 1 */
export type Receiver = (number: number, request: Received) => RequestResult;

export const answered = (statusCode: number, retryAfter?: number): RequestResult => ({
  ...{ kind: 'answered', statusCode, responseHeaders: {}, responseBody: '', duration: 5 },
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

/** All receivers of webhooks. An answer takes its duration. */
export class Receivers {
  readonly requests: Received[] = [];
  inFlight = 0;
  mostInFlight = 0;
  answer: Receiver = () => answered(200);
  private readonly clock: VirtualClock;
  private readonly counts = new Map<string, number>();

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  async request(
    queue: QueueName,
    { headers, body, timeout, signal, onSent }: OutgoingRequest,
  ): Promise<RequestResult> {
    const deliveryId = headers['X-Hook0-Delivery-Id'] ?? '';
    const eventId = headers['webhook-id'] ?? '';
    const received = { deliveryId, eventId, at: this.clock.now, queue, headers, body };
    this.requests.push(received);
    const number = (this.counts.get(deliveryId) ?? 0) + 1;
    this.counts.set(deliveryId, number);
    const result = this.answer(number, received);
    const duration = Math.min(result.duration, timeout);
    onSent();
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const isWhole = await this.lasts(duration, signal);
    this.inFlight -= 1;
    return isWhole && result.duration <= timeout
      ? result
      : { kind: 'failed', errorClass: 'timeout', error: 'no answer', duration };
  }

  /** False when the request was cut off before the end. */
  private lasts(duration: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const callOff = this.clock.after(duration, () => resolve(true));
      signal.addEventListener('abort', () => {
        callOff();
        resolve(false);
      });
    });
  }
}
