import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../../local/demo/api.ts';
import { type Receiver, startReceiver } from '../../local/demo/receiver.ts';
import { type LocalStack, startLocalStack } from '../support/local-stack.ts';
import { waitFor } from '../support/wait.ts';

let stack: LocalStack;
let api: Api;
let receiver: Receiver;

beforeAll(async () => {
  stack = await startLocalStack();
  api = createApi(stack.url, stack.adminToken);
  receiver = await startReceiver(() => ({ status: 200 }));
});
afterAll(async () => {
  await stack.stop();
  await receiver.stop();
});

const deliveries = 100;
const eventsOf = (type: string, count: number) => ({
  events: Array.from({ length: count }, (_, n) => ({ type, payload: { n } })),
});

async function create(type: string, rateLimit: object): Promise<string> {
  const url = `${receiver.url}/${type}`;
  const body = { name: type, url, events: [type], rateLimit };
  return String((await api.expect(201, 'POST', '/api/endpoints', body)).id);
}

const requestsOf = (type: string) => receiver.requests.filter(({ path }) => path.endsWith(`/${type}`));

interface Delivery {
  readonly status: string;
  readonly heldFor?: string;
  readonly nextAttemptAt?: string;
  readonly attempts: readonly { readonly startedAt: string }[];
}

async function deliveriesOf(id: string, status = ''): Promise<Delivery[]> {
  const { data } = await api.expect(200, 'GET', `/api/endpoints/${id}/deliveries?limit=100${status}`);
  return data as Delivery[];
}

describe('an endpoint with rateLimit {perSecond: 5}', () => {
  it('gets 100 deliveries at once in about 20 s, never more than 6 in a second, and no wait is an attempt', async () => {
    const id = await create('limited.endpoint', { perSecond: 5 });
    await api.expect(202, 'POST', '/api/events/batch', eventsOf('limited.endpoint', deliveries));
    const held = await waitFor('some to wait in line', async () => {
      const found = await deliveriesOf(id, '&status=held');
      return found.length > 10 && found;
    });
    for (const { heldFor, nextAttemptAt, attempts } of held) {
      expect(heldFor).toBe('rate_limit');
      expect(nextAttemptAt).toMatch(/Z$/);
      expect(attempts).toEqual([]);
    }
    await receiver.until(() => requestsOf('limited.endpoint').length >= deliveries, 90_000);
    await waitFor('all to have succeeded', async () => {
      const all = await deliveriesOf(id);
      return all.length === deliveries && all.every(({ status }) => status === 'succeeded');
    });
    const all = await deliveriesOf(id);
    for (const { attempts } of all) expect(attempts).toHaveLength(1);
    const times = all.flatMap(({ attempts }) => attempts.map(({ startedAt }) => Date.parse(startedAt)));
    const lasted = Math.max(...times) - Math.min(...times);
    expect(lasted).toBeGreaterThanOrEqual(19_000);
    // A loaded machine loses places, and each costs a fifth of a second.
    expect(lasted).toBeLessThanOrEqual(45_000);
    const most = Math.max(
      ...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length),
    );
    expect(most).toBeLessThanOrEqual(6);
    expect(requestsOf('limited.endpoint')).toHaveLength(deliveries);
  });

  it('that is taken away lets go what waits', async () => {
    const id = await create('unlimited.soon', { perSecond: 1 });
    await api.expect(202, 'POST', '/api/events/batch', eventsOf('unlimited.soon', 20));
    await waitFor('some to wait in line', async () => (await deliveriesOf(id, '&status=held')).length > 10);
    await api.expect(200, 'PATCH', `/api/endpoints/${id}`, { rateLimit: null });
    const before = Date.now();
    await api.expect(202, 'POST', '/api/events', { type: 'unlimited.soon', payload: { n: 'new' } });
    await receiver.until(() =>
      requestsOf('unlimited.soon').some(({ body }) => body.toString().includes('new')),
    );
    expect(Date.now() - before).toBeLessThan(10_000);
    await receiver.until(() => requestsOf('unlimited.soon').length >= 21, 60_000);
  });
});
