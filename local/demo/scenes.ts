import { Webhook } from 'standardwebhooks';
import type { Api } from './api.ts';
import { circuit, paused } from './held-scenes.ts';
import type { ReceivedRequest } from './receiver.ts';
import { endpoint, event, finalStatuses, type Scene, withReceiver } from './scene.ts';

async function secretOf(api: Api, id: string): Promise<string> {
  return String((await api.expect(200, 'GET', `/api/endpoints/${id}/secret`)).secret);
}

/** Verifies as a receiver would, with the package that the Standard Webhooks project publishes. */
function verifies({ body, headers }: ReceivedRequest, secret: string): boolean {
  const single = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  try {
    new Webhook(secret).verify(body.toString(), Object.fromEntries(single));
    return true;
  } catch {
    return false;
  }
}

const delivered: Scene = {
  title: 'an event is delivered and its signature verifies',
  play: (api) =>
    withReceiver(
      () => ({ status: 200 }),
      async (receiver) => {
        const id = await endpoint(api, receiver.url, 'Delivered', { events: ['demo.delivered'] });
        const payload = '{"id": 12345678901234567890, "amount": 1.0}';
        await api.expect(202, 'POST', '/api/events', `{"type":"demo.delivered","payload":${payload}}`);
        const [request] = await receiver.until(({ length }) => length > 0);
        const secret = await secretOf(api, id);
        const signature =
          request && verifies(request, secret) ? 'signature verifies' : 'signature does not verify';
        const bytes = request?.body.toString() === payload ? 'bytes as posted' : 'other bytes than posted';
        return { expected: 'signature verifies, bytes as posted', happened: `${signature}, ${bytes}` };
      },
    ),
};

const filtered: Scene = {
  title: 'a filter keeps one event out and lets one in',
  play: (api) =>
    withReceiver(
      () => ({ status: 200 }),
      async (receiver) => {
        const conditions = [{ field: 'payload.order.amount', operator: 'gt', value: 100 }];
        await endpoint(api, receiver.url, 'Filtered', {
          events: ['demo.filtered'],
          filters: { logic: 'AND', conditions },
        });
        const counts: unknown[] = [];
        for (const amount of [50, 299.99]) {
          const answer = await api.expect(
            202,
            'POST',
            '/api/events',
            event('demo.filtered', { order: { amount } }),
          );
          counts.push(answer.webhookCount);
        }
        const requests = await receiver.until(({ length }) => length > 0);
        const amounts = requests.map(({ body }) => body.toString());
        return {
          expected: 'matched 0 then 1; received {"order":{"amount":299.99}}',
          happened: `matched ${counts.join(' then ')}; received ${amounts.join(' and ')}`,
        };
      },
    ),
};

const flaky: Scene = {
  title: 'a flaky endpoint succeeds on its third attempt',
  play: (api) =>
    withReceiver(
      (number) => ({ status: number < 3 ? 503 : 200 }),
      async (receiver) => {
        await endpoint(api, receiver.url, 'Flaky', {
          events: ['demo.flaky'],
          retryConfig: { maxAttempts: 5, strategy: 'exponential', baseDelay: 1000, maxDelay: 4000 },
        });
        const { eventId } = await api.expect(
          202,
          'POST',
          '/api/events',
          event('demo.flaky', { hello: 'again' }),
        );
        const requests = await receiver.until(({ length }) => length >= 3);
        const ids = new Set(requests.map(({ headers }) => headers['webhook-id']));
        const status = await settledStatus(api, String(eventId));
        return {
          expected: '3 attempts, 1 webhook-id, succeeded',
          happened: `${requests.length} attempts, ${ids.size} webhook-id, ${status}`,
        };
      },
    ),
};

const deadLetter: Scene = {
  title: 'a delivery is exhausted, listed as a dead letter, and redriven',
  play: async (api) => {
    let mended = false;
    return withReceiver(
      () => ({ status: mended ? 200 : 500 }),
      async (receiver) => {
        const endpointId = await endpoint(api, receiver.url, 'Exhausted', {
          events: ['demo.exhausted'],
          retryConfig: { maxAttempts: 2, strategy: 'fixed', baseDelay: 500 },
        });
        const posted = event('demo.exhausted', { hello: 'nobody' });
        const { eventId } = await api.expect(202, 'POST', '/api/events', posted);
        const first = await settledStatus(api, String(eventId));
        const { data } = await api.expect(200, 'GET', `/api/dead-letters?endpointId=${endpointId}`);
        const [letter] = Array.isArray(data) ? data : [];
        mended = true;
        await api.expect(202, 'POST', '/api/dead-letters/redrive', { endpointId });
        const requests = await receiver.until(({ length }) => length >= 3);
        const ids = new Set(requests.map(({ headers }) => headers['webhook-id']));
        const second = await settledStatus(api, String(eventId), ({ generation }) => generation === 2);
        return {
          expected: 'dead after 2 attempts (HTTP 500), redriven: succeeded, 1 webhook-id',
          happened: `${first} after ${letter?.attempts?.length} attempts (${letter?.finalError}), redriven: ${second}, ${ids.size} webhook-id`,
        };
      },
    );
  },
};

/** The status of an event's only delivery once it is settled, or the last one seen after ten seconds. */
async function settledStatus(
  api: Api,
  eventId: string,
  isMeant: (delivery: { readonly generation?: unknown }) => boolean = () => true,
): Promise<string> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { deliveries } = await api.expect(200, 'GET', `/api/events/${eventId}`);
    const [delivery] = Array.isArray(deliveries) ? deliveries : [];
    const status = String(delivery?.status ?? 'unknown');
    const isSettled = finalStatuses.includes(status) && isMeant(delivery);
    if (isSettled || Date.now() > deadline) return status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** In the order they are played. A new capability adds its scene here. */
export const scenes: readonly Scene[] = [delivered, filtered, flaky, circuit, paused, deadLetter];
