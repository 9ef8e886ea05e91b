import { Webhook } from 'standardwebhooks';
import type { Api } from './api.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from './receiver.ts';

/** One row of the demo's table. */
export interface Outcome {
  readonly expected: string;
  readonly happened: string;
}

export interface Scene {
  readonly title: string;
  play(api: Api): Promise<Outcome>;
}

const event = (type: string, payload: unknown) => ({ type, source: 'demo', payload });

async function endpoint(
  api: Api,
  url: string,
  name: string,
  rest: Readonly<Record<string, unknown>>,
): Promise<string> {
  return String((await api.expect(201, 'POST', '/api/endpoints', { name, url, ...rest })).id);
}

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

type Answering = Parameters<typeof startReceiver>[0];

async function withReceiver<T>(answer: Answering, work: (receiver: Receiver) => Promise<T>): Promise<T> {
  const receiver = await startReceiver(answer);
  try {
    return await work(receiver);
  } finally {
    await receiver.stop();
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

const circuit: Scene = {
  title: 'a dead endpoint opens its circuit, recovers by one probe and drains',
  play: (api) => {
    let well = false;
    return withReceiver(
      () => ({ status: well ? 200 : 503 }),
      async (receiver) => {
        const id = await endpoint(api, receiver.url, 'Dead for a while', {
          events: ['demo.circuit'],
          retryConfig: { maxAttempts: 10, strategy: 'fixed', baseDelay: 500 },
          circuitBreaker: { threshold: 3, timeout: 3000 },
        });
        const stateIs = (state: string) => async () =>
          (await api.expect(200, 'GET', `/api/endpoints/${id}/circuit`)).state === state;
        const ids = [await posted(api, 'demo.circuit')];
        const opened = await until(stateIs('open'));
        for (let n = 0; n < 24; n += 1) ids.push(await posted(api, 'demo.circuit'));
        const held = await until(async () =>
          (await deliveriesOf(api, ids)).every(({ heldFor }) => heldFor === 'circuit'),
        );
        well = true;
        const answeredBefore = receiver.requests.length;
        const closed = await until(stateIs('closed'));
        const statuses = await settled(api, ids);
        const requests = receiver.requests.length - answeredBefore;
        return {
          expected: 'opened, 25 held, closed; 25 requests for 25 deliveries: succeeded',
          happened: `${opened ? 'opened' : 'not opened'}, ${held ? ids.length : 'not all'} held, ${
            closed ? 'closed' : 'not closed'
          }; ${requests} requests for ${ids.length} deliveries: ${statuses}`,
        };
      },
    );
  },
};

const paused: Scene = {
  title: 'a paused endpoint gets nothing until it is resumed',
  play: (api) =>
    withReceiver(
      () => ({ status: 200 }),
      async (receiver) => {
        const id = await endpoint(api, receiver.url, 'Paused', { events: ['demo.paused'] });
        await api.expect(200, 'POST', `/api/endpoints/${id}/pause`);
        const ids: string[] = [];
        for (let n = 0; n < 5; n += 1) ids.push(await posted(api, 'demo.paused'));
        await until(async () => (await deliveriesOf(api, ids)).every(({ heldFor }) => heldFor === 'paused'));
        const before = receiver.requests.length;
        await api.expect(200, 'POST', `/api/endpoints/${id}/resume`);
        const statuses = await settled(api, ids);
        return {
          expected: '0 requests while paused, then 5: succeeded',
          happened: `${before} requests while paused, then ${receiver.requests.length}: ${statuses}`,
        };
      },
    ),
};

async function posted(api: Api, type: string): Promise<string> {
  return String((await api.expect(202, 'POST', '/api/events', event(type, {}))).eventId);
}

async function deliveriesOf(
  api: Api,
  eventIds: readonly string[],
): Promise<Readonly<Record<string, unknown>>[]> {
  const answers = await Promise.all(eventIds.map((id) => api.expect(200, 'GET', `/api/events/${id}`)));
  return answers.flatMap(({ deliveries }) => (Array.isArray(deliveries) ? deliveries : []));
}

/** The statuses, each named once, when all are the same final one or after half a minute. */
async function settled(api: Api, eventIds: readonly string[]): Promise<string> {
  const statuses = async () =>
    new Set((await deliveriesOf(api, eventIds)).map(({ status }) => String(status)));
  await until(async () => [...(await statuses())].every((status) => finalStatuses.includes(status)));
  return [...(await statuses())].toSorted().join(', ');
}

const finalStatuses = ['succeeded', 'dead', 'cancelled'];
const patience = 30_000;

/** Whether `condition` came true within half a minute. */
async function until(condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + patience;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The status of an event's only delivery once it is settled, or the last one seen after ten seconds. */
async function settledStatus(api: Api, eventId: string): Promise<string> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { deliveries } = await api.expect(200, 'GET', `/api/events/${eventId}`);
    const status = Array.isArray(deliveries) ? String(deliveries[0]?.status) : 'unknown';
    if (finalStatuses.includes(status) || Date.now() > deadline) return status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** In the order they are played. A new capability adds its scene here. */
export const scenes: readonly Scene[] = [delivered, filtered, flaky, circuit, paused];
