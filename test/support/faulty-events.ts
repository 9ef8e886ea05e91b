import { expect } from 'vitest';
import type { Receiver } from '#demo/receiver.ts';
import type { Api, ApiAnswer } from './api.ts';
import { testReceiver } from './file-stack.ts';
import { waitFor } from './wait.ts';

export interface Subscription {
  readonly type: string;
  readonly endpointId: string;
  readonly receiver: Receiver;
}

/** What tests of failing AWS calls do with events and endpoints. */
export function faultyEvents(api: Api) {
  let types = 0;

  /** An event type of its own with one endpoint, whose first requests it answers 500. */
  async function subscribed(failures = 0, retryConfig: object = {}): Promise<Subscription> {
    const receiver = await testReceiver((number) => ({ status: number <= failures ? 500 : 200 }));
    const type = `trouble${types++}.happened`;
    const { id } = await api.expect(201, 'POST', '/api/endpoints', {
      name: 'test',
      url: receiver.url,
      events: [type],
      retryConfig: { maxAttempts: 3, strategy: 'fixed', baseDelay: 100, jitter: false, ...retryConfig },
    });
    return { type, endpointId: String(id), receiver };
  }

  const post = (type: string) => api.call('POST', '/api/events', { type, payload: { n: 1 } });

  async function deliveryOf(eventId: string): Promise<Record<string, unknown> | undefined> {
    const { deliveries } = await api.expect(200, 'GET', `/api/events/${eventId}`);
    return Array.isArray(deliveries) ? deliveries[0] : undefined;
  }

  const settled = (eventId: string, timeout = 50_000) =>
    waitFor(
      `event ${eventId} to settle`,
      async () => {
        const delivery = await deliveryOf(eventId);
        return ['succeeded', 'dead', 'cancelled'].includes(String(delivery?.status)) ? delivery : undefined;
      },
      timeout,
    );

  const idOf = ({ json }: ApiAnswer): string => String((json as { eventId: string }).eventId);

  /** An honest answer: a 202 that is kept, or a problem that says when to come again. */
  async function expectHonest(answer: ApiAnswer, { receiver }: Subscription): Promise<void> {
    if (answer.status !== 202) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.json).toMatchObject({ code: 'unavailable', requestId: expect.any(String) });
      return;
    }
    const eventId = idOf(answer);
    expect(await settled(eventId)).toMatchObject({ status: 'succeeded' });
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toContain(eventId);
  }

  return { subscribed, post, settled, idOf, deliveryOf, expectHonest };
}
