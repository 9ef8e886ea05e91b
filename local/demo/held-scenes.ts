import type { Api } from './api.ts';
import { endpoint, event, finalStatuses, type Scene, withReceiver } from './scene.ts';

export const circuit: Scene = {
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

export const paused: Scene = {
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
