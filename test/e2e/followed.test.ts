import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deliveryId } from '#core/id/ids.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { waitFor } from '#test/support/wait.ts';

let stack: LocalStack;
let api: Api;
const servers: Server[] = [];

beforeAll(async () => {
  stack = await startLocalStack({ tick: 1 });
  api = createApi(stack.url, stack.adminToken);
});
afterAll(() => stack.stop());
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

type Row = Readonly<Record<string, unknown>>;

/** A receiver that answers each request when it is told to, so that every moment can be looked at. */
async function patientReceiver() {
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => waiting.push(response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    arrival: () => waitFor('a request', async () => waiting.length > 0),
    answer: (status: number) => void waiting.shift()?.writeHead(status).end(),
  };
}

const get = (path: string): Promise<Row> => api.expect(200, 'GET', path);

async function create(url: string, type: string, rest: Row): Promise<string> {
  const body = { name: 'followed', url, events: [type], ...rest };
  return String((await api.expect(201, 'POST', '/api/endpoints', body)).id);
}

async function post(type: string, delay = 0): Promise<string> {
  const body = { type, payload: {}, options: { delay } };
  return String((await api.expect(202, 'POST', '/api/events', body)).eventId);
}

const times = (...values: readonly unknown[]) => values.map((value) => Date.parse(String(value)));

describe('a delivery', () => {
  it('is followed by the API alone from its delay to its success', async () => {
    const receiver = await patientReceiver();
    const endpointId = await create(receiver.url, 'followed.far', {
      retryConfig: { strategy: 'custom', schedule: [1_000, 600_000, 600_000] },
      circuitBreaker: { threshold: 2, timeout: 600_000 },
    });
    const delay = 5_000;
    const eventId = await post('followed.far', delay);
    const id = deliveryId(endpointId, eventId);
    const delivery = () => get(`/api/deliveries/${id}`);
    const becomes = (expected: Row) =>
      waitFor(`the delivery to be ${JSON.stringify(expected)}`, async () => {
        const found = await delivery();
        return Object.entries(expected).every(([name, value]) => found[name] === value) && found;
      });

    const scheduled = await delivery();
    expect(scheduled).toMatchObject({ status: 'held', heldFor: 'scheduled', generation: 1, nextAttempt: 1 });
    const [since = 0, until = 0] = times(scheduled.heldSince, scheduled.nextAttemptAt);
    expect(until - since).toBe(delay);

    await receiver.arrival();
    expect(await delivery()).toMatchObject({ status: 'queued', nextAttempt: 1, attempts: [] });
    receiver.answer(500);
    const retrying = await becomes({ status: 'retrying', nextAttempt: 2 });
    expect(retrying.attempts).toMatchObject([{ number: 1, statusCode: 500, retryable: true }]);

    await receiver.arrival();
    expect(await delivery()).toMatchObject({ status: 'retrying', nextAttempt: 2 });
    receiver.answer(500);
    const backoff = await becomes({ status: 'held', heldFor: 'backoff', nextAttempt: 3, generation: 1 });
    const [from = 0, due = 0] = times(backoff.heldSince, backoff.nextAttemptAt);
    expect(due - from).toBe(600_000);

    await waitFor('the open circuit', async () => {
      return (await get(`/api/endpoints/${endpointId}/circuit`)).state === 'open';
    });
    await api.expect(202, 'POST', `/api/deliveries/${id}/retry`);
    const circuit = await becomes({ status: 'held', heldFor: 'circuit', generation: 2, nextAttempt: 1 });
    const { openUntil } = await get(`/api/endpoints/${endpointId}/circuit`);
    expect(circuit.nextAttemptAt).toBe(openUntil);
    const [inList] = (await get(`/api/endpoints/${endpointId}/deliveries?status=held`)).data as Row[];
    const [ofEvent] = (await get(`/api/events/${eventId}`)).deliveries as Row[];
    expect([inList, ofEvent]).toEqual([circuit, circuit]);

    await api.expect(200, 'POST', `/api/endpoints/${endpointId}/pause`);
    await api.expect(202, 'POST', `/api/deliveries/${id}/retry`);
    const paused = await becomes({ status: 'held', heldFor: 'paused', generation: 3, nextAttempt: 1 });
    expect(paused).not.toHaveProperty('nextAttemptAt');

    await api.expect(200, 'POST', `/api/endpoints/${endpointId}/resume`);
    await receiver.arrival();
    receiver.answer(200);
    const succeeded = await becomes({ status: 'succeeded' });
    expect(succeeded).not.toHaveProperty('nextAttempt');
    expect(succeeded.attempts).toMatchObject([
      { generation: 1, number: 1, success: false },
      { generation: 1, number: 2, success: false },
      { generation: 3, number: 1, success: true },
    ]);
  });

  it('is followed to its death and listed as a dead letter', async () => {
    const receiver = await patientReceiver();
    const endpointId = await create(receiver.url, 'followed.dead', { retryConfig: { maxAttempts: 1 } });
    const id = deliveryId(endpointId, await post('followed.dead'));
    await receiver.arrival();
    receiver.answer(503);
    const dead = await waitFor('the death', async () => {
      const found = await get(`/api/deliveries/${id}`);
      return found.status === 'dead' && found;
    });
    expect(dead).toMatchObject({ reason: 'exhausted', generation: 1, attempts: [{ statusCode: 503 }] });
    expect(dead).not.toHaveProperty('nextAttempt');
    const letters = await waitFor('the dead letter', async () => {
      const { data } = await get(`/api/dead-letters?endpointId=${endpointId}`);
      return (data as Row[]).length > 0 && (data as Row[]);
    });
    expect(letters).toMatchObject([{ id, finalError: 'HTTP 503', retryCount: 0 }]);
  });
});
