import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { waitFor } from '#test/support/wait.ts';

let stack: LocalStack;
let api: Api;
let receiver: Receiver;

beforeAll(async () => {
  // On a loaded machine some lose their place so often that they wait for the scheduler.
  stack = await startLocalStack({ tick: 5 });
  api = createApi(stack.url, stack.adminToken);
  receiver = await startReceiver(() => ({ status: 200 }));
});
afterAll(async () => {
  await stack.stop();
  await receiver.stop();
});

const deliveries = 30;
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

/** Posts all at once, and tells how the attempts were spread. */
async function measure(type: string): Promise<{ readonly lasted: number; readonly most: number }> {
  const id = await create(type, { perSecond: 5 });
  await api.expect(202, 'POST', '/api/events/batch', eventsOf(type, deliveries));
  const held = await waitFor('some to wait for their slots', async () => {
    const found = await deliveriesOf(id, '&status=held');
    return found.length > 10 && found;
  });
  for (const { heldFor, nextAttemptAt, attempts } of held) {
    expect(heldFor).toBe('rate_limit');
    expect(nextAttemptAt).toMatch(/Z$/);
    expect(attempts).toEqual([]);
  }
  await receiver.until(() => requestsOf(type).length >= deliveries, 180_000);
  const all = await waitFor('all to have succeeded', async () => {
    const found = await deliveriesOf(id);
    return found.length === deliveries && found.every(({ status }) => status === 'succeeded') && found;
  });
  for (const { attempts } of all) expect(attempts).toHaveLength(1);
  expect(requestsOf(type)).toHaveLength(deliveries);
  const times = all.flatMap(({ attempts }) => attempts.map(({ startedAt }) => Date.parse(startedAt)));
  const inSecondFrom = (from: number) => times.filter((time) => time >= from && time < from + 1_000).length;
  return {
    lasted: Math.max(...times) - Math.min(...times),
    most: Math.max(...times.map(inSecondFrom)),
  };
}

describe('an endpoint with rateLimit {perSecond: 5}', () => {
  it('gets 30 deliveries at once in about 6 s, never more than 6 in a second, and no wait is an attempt', async () => {
    // Where a thread stands still between its last look at the clock and its request, or comes late again and again,
    // it is the machine that is measured: not three times in a row.
    const seen: string[] = [];
    for (let measurement = 0; measurement < 3; measurement += 1) {
      const { lasted, most } = await measure(`limited.endpoint${measurement}`);
      expect(lasted).toBeGreaterThanOrEqual(5_000);
      if (most <= 6 && lasted <= 20_000) return;
      seen.push(`${most} in a second, ${lasted} ms in all`);
    }
    expect.fail(seen.join('; '));
  }, 600_000);

  it('that is taken away lets go what waits', async () => {
    const id = await create('unlimited.soon', { perSecond: 1 });
    await api.expect(202, 'POST', '/api/events/batch', eventsOf('unlimited.soon', 10));
    await waitFor(
      'some to wait for their slots',
      async () => (await deliveriesOf(id, '&status=held')).length > 5,
    );
    await api.expect(200, 'PATCH', `/api/endpoints/${id}`, { rateLimit: null });
    await api.expect(202, 'POST', '/api/events', { type: 'unlimited.soon', payload: { n: 'new' } });
    await receiver.until(() => requestsOf('unlimited.soon').length >= 11, 120_000);
    // In the slots of the old limit it would have come last.
    const arrivals = requestsOf('unlimited.soon').map(({ body }) => body.toString());
    expect(arrivals.findIndex((body) => body.includes('new'))).toBeLessThan(10);
  }, 240_000);
});
