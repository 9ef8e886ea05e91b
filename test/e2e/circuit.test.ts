import { describe, expect, it } from 'vitest';
import type { NewEndpoint } from '#sdk/src/index.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();

const post = async (type: string, n: number): Promise<string> =>
  (await local.client.sendEvent({ type, payload: { n } })).eventId;
const deliveryOf = async (eventId: string) => (await local.client.events.get(eventId)).deliveries[0];

async function create(url: string, type: string, rest: Partial<NewEndpoint> = {}): Promise<string> {
  const { id } = await local.client.endpoints.create({
    name: 'test',
    url,
    events: [type],
    retryConfig: { maxAttempts: 50, strategy: 'fixed', baseDelay: 500, jitter: false },
    circuitBreaker: { threshold: 1, timeout: 3_000 },
    ...rest,
  });
  return id;
}

const circuitOf = (id: string) => local.client.endpoints.circuit(id);
const circuitIs = (id: string, state: string) =>
  waitFor(`the circuit to be ${state}`, async () => {
    const circuit = await circuitOf(id);
    return circuit.state === state ? circuit : undefined;
  });

describe('the circuit of a dead endpoint', () => {
  it('opens, holds without an attempt, recovers by one probe and drains, oldest first', async () => {
    let well = false;
    let inFlight = 0;
    let most = 0;
    const target = await testReceiver(() => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
      }, 300);
      return { status: well ? 200 : 500, after: 300 };
    });
    const id = await create(target.url, 'dead.endpoint');
    const first = await post('dead.endpoint', 0);
    const opened = await circuitIs(id, 'open');
    expect(opened).toMatchObject({ failures: 1, openUntil: expect.stringMatching(/Z$/) });

    const later: string[] = [];
    for (let n = 1; n <= 30; n += 1) later.push(await post('dead.endpoint', n));
    const all = [first, ...later];
    await waitFor('all to be held', async () => {
      const deliveries = await Promise.all(all.map(deliveryOf));
      return deliveries.every((delivery) => delivery?.heldFor === 'circuit');
    });
    const { openUntil } = await circuitOf(id);
    const before = target.requests.length;
    most = 0;
    well = true;
    await target.until(({ length }) => length > before);
    expect(target.requests[before]?.at).toBeGreaterThanOrEqual(Date.parse(String(openUntil)));
    expect(most).toBe(1);
    await circuitIs(id, 'closed');

    await waitFor('all to be delivered', async () => {
      const deliveries = await Promise.all(all.map(deliveryOf));
      return deliveries.every((delivery) => delivery?.status === 'succeeded');
    });
    const answers = target.requests.slice(before);
    expect(answers.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(all.toSorted());
    // The probe and the first step of the drain come before the second step.
    const position = new Map(all.map((eventId, n) => [eventId, n]));
    const order = answers.map(({ headers }) => position.get(String(headers['webhook-id'])) ?? -1);
    expect(order.slice(0, 11).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is closed by a reset, and what was held goes out', async () => {
    let well = false;
    const target = await testReceiver(() => ({ status: well ? 200 : 503 }));
    const id = await create(target.url, 'reset.endpoint', {
      circuitBreaker: { threshold: 1, timeout: 3_600_000 },
    });
    const eventId = await post('reset.endpoint', 1);
    await circuitIs(id, 'open');
    await waitFor('the hold', async () => (await deliveryOf(eventId))?.heldFor === 'circuit');
    well = true;
    expect(await local.client.endpoints.resetCircuit(id)).toMatchObject({
      state: 'closed',
    });
    await waitFor('the delivery', async () => (await deliveryOf(eventId))?.status === 'succeeded');
  });
});

describe('an endpoint that is gone', () => {
  it('is disabled by its 410 and matches nothing any more', async () => {
    const target = await testReceiver(() => ({ status: 410 }));
    const id = await create(target.url, 'gone.endpoint');
    const eventId = await post('gone.endpoint', 1);
    await waitFor('the end', async () => (await deliveryOf(eventId))?.status === 'dead');
    const disabled = await waitFor('the endpoint to be disabled', async () => {
      const endpoint = await local.client.endpoints.get(id);
      return endpoint.status === 'disabled' ? endpoint : undefined;
    });
    expect(disabled.statusReason).toBe('410_gone');
    await waitFor('its route to go', async () => {
      const { webhookCount } = await local.client.sendEvent({ type: 'gone.endpoint', payload: {} });
      return webhookCount === 0;
    });
    expect(target.requests).toHaveLength(1);
  });
});

describe('a pause', () => {
  it('holds many and lets them go, oldest first, when it ends', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const id = await create(target.url, 'paused.endpoint');
    await local.client.endpoints.pause(id);
    const all: string[] = [];
    for (let n = 0; n < 25; n += 1) all.push(await post('paused.endpoint', n));
    await waitFor('all to be held', async () => {
      const deliveries = await Promise.all(all.map(deliveryOf));
      return deliveries.every((delivery) => delivery?.heldFor === 'paused');
    });
    await local.client.endpoints.resume(id);
    const requests = await target.until(({ length }) => length >= all.length);
    const ids = requests.map(({ headers }) => String(headers['webhook-id']));
    expect(ids.toSorted()).toEqual(all.toSorted());
    expect(ids.slice(0, 10).toSorted()).toEqual(all.slice(0, 10).toSorted());
  });
});
