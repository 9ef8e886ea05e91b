import { createServer, type ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliveryId } from '#core/id/ids.ts';
import { listen } from '#local/net/listen.ts';
import type { Delivery, NewEndpoint } from '#sdk/src/index.ts';
import { stackOfFile } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();

/** A receiver that answers each request when it is told to, so that every moment can be looked at. */
async function patientReceiver() {
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => waiting.push(response));
  });
  const port = await listen(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    arrival: () => waitFor('a request', async () => waiting.length > 0),
    answer: (status: number) => void waiting.shift()?.writeHead(status).end(),
  };
}

async function create(url: string, type: string, rest: Partial<NewEndpoint>): Promise<string> {
  return (await local.client.endpoints.create({ name: 'followed', url, events: [type], ...rest })).id;
}

async function post(type: string, delay = 0): Promise<string> {
  return (await local.client.sendEvent({ type, payload: {}, options: { delay } })).eventId;
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
    const delivery = () => local.client.deliveries.get(id);
    const becomes = (expected: Partial<Delivery>) =>
      waitFor(`the delivery to be ${JSON.stringify(expected)}`, async () => {
        const found = await delivery();
        return isDeepStrictEqual({ ...found, ...expected }, found) && found;
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

    // The circuit opens when another delivery fails as well.
    const other = await post('followed.far');
    await receiver.arrival();
    receiver.answer(500);
    await waitFor('the open circuit', async () => {
      return (await local.client.endpoints.circuit(endpointId)).state === 'open';
    });
    await local.client.events.delete(other);
    await local.client.deliveries.retry(id);
    const circuit = await becomes({ status: 'held', heldFor: 'circuit', generation: 2, nextAttempt: 1 });
    const { openUntil } = await local.client.endpoints.circuit(endpointId);
    expect(circuit.nextAttemptAt).toBe(openUntil);
    const [inList] = (await local.client.endpoints.deliveries(endpointId, { status: 'held' })).data;
    const [ofEvent] = (await local.client.events.get(eventId)).deliveries;
    expect([inList, ofEvent]).toEqual([circuit, circuit]);

    await local.client.endpoints.pause(endpointId);
    await local.client.deliveries.retry(id);
    const paused = await becomes({ status: 'held', heldFor: 'paused', generation: 3, nextAttempt: 1 });
    expect(paused).not.toHaveProperty('nextAttemptAt');

    await local.client.endpoints.resume(endpointId);
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
      const found = await local.client.deliveries.get(id);
      return found.status === 'dead' && found;
    });
    expect(dead).toMatchObject({ reason: 'exhausted', generation: 1, attempts: [{ statusCode: 503 }] });
    expect(dead).not.toHaveProperty('nextAttempt');
    const letters = await waitFor('the dead letter', async () => {
      const { data } = await local.client.deadLetters.list({ endpointId });
      return data.length > 0 && data;
    });
    expect(letters).toMatchObject([{ id, finalError: 'HTTP 503', retryCount: 0 }]);
  });
});
