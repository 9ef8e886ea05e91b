import { Webhook } from 'standardwebhooks';
import { circuit, paused } from './held-scenes.ts';
import type { ReceivedRequest } from './receiver.ts';
import { createEndpoint, finalStatusesOf, post, type Scene, withReceiver } from './scene.ts';

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

const distinctIds = (requests: readonly ReceivedRequest[]): number =>
  new Set(requests.map(({ headers }) => headers['webhook-id'])).size;

const delivered: Scene = {
  title: 'an event is delivered and its signature verifies',
  play: (client) =>
    withReceiver(
      () => ({ status: 200 }),
      async (receiver) => {
        const type = 'demo.delivered';
        const id = await createEndpoint(client, receiver, type);
        const payloadJson = '{"id": 12345678901234567890, "amount": 1.0}';
        await client.sendEvent({ type, payloadJson });
        const [request] = await receiver.until(({ length }) => length > 0);
        const { secret } = await client.endpoints.secret(id);
        const signature =
          request && verifies(request, secret) ? 'signature verifies' : 'signature does not verify';
        const bytes =
          request?.body.toString() === payloadJson ? 'bytes as posted' : 'other bytes than posted';
        return { expected: 'signature verifies, bytes as posted', happened: `${signature}, ${bytes}` };
      },
    ),
};

const filtered: Scene = {
  title: 'a filter keeps one event out and lets one in',
  play: (client) =>
    withReceiver(
      () => ({ status: 200 }),
      async (receiver) => {
        const type = 'demo.filtered';
        const conditions = [{ field: 'payload.order.amount', operator: 'gt', value: 100 }] as const;
        await createEndpoint(client, receiver, type, { filters: { logic: 'AND', conditions } });
        const counts: number[] = [];
        for (const amount of [50, 299.99]) {
          const { webhookCount } = await client.sendEvent({ type, payload: { order: { amount } } });
          counts.push(webhookCount);
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
  play: (client) =>
    withReceiver(
      (number) => ({ status: number < 3 ? 503 : 200 }),
      async (receiver) => {
        const type = 'demo.flaky';
        await createEndpoint(client, receiver, type, {
          retryConfig: { maxAttempts: 5, strategy: 'exponential', baseDelay: 1000, maxDelay: 4000 },
        });
        const eventId = await post(client, type);
        const requests = await receiver.until(({ length }) => length >= 3);
        const status = await finalStatusesOf(client, [eventId]);
        return {
          expected: '3 attempts, 1 webhook-id, succeeded',
          happened: `${requests.length} attempts, ${distinctIds(requests)} webhook-id, ${status}`,
        };
      },
    ),
};

const deadLetter: Scene = {
  title: 'a delivery is exhausted, listed as a dead letter, and redriven',
  play: (client) => {
    let isMended = false;
    return withReceiver(
      () => ({ status: isMended ? 200 : 500 }),
      async (receiver) => {
        const type = 'demo.exhausted';
        const endpointId = await createEndpoint(client, receiver, type, {
          retryConfig: { maxAttempts: 2, strategy: 'fixed', baseDelay: 500 },
        });
        const eventId = await post(client, type);
        const first = await finalStatusesOf(client, [eventId]);
        const { data } = await client.deadLetters.list({ endpointId });
        const [letter] = data;
        isMended = true;
        await client.deadLetters.redrive({ endpointId });
        const requests = await receiver.until(({ length }) => length >= 3);
        const second = await finalStatusesOf(client, [eventId], 2);
        return {
          expected: 'dead after 2 attempts (HTTP 500), redriven: succeeded, 1 webhook-id',
          happened: `${first} after ${letter?.attempts.length} attempts (${letter?.finalError}), redriven: ${second}, ${distinctIds(requests)} webhook-id`,
        };
      },
    );
  },
};

/** In the order in which they are played. A new capability adds its scene here. */
export const scenes: readonly Scene[] = [delivered, filtered, flaky, circuit, paused, deadLetter];
