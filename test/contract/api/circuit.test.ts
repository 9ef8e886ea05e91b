import { describe, expect, it } from 'vitest';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { resetCircuit } from '#lambdas/api/actions/reset-circuit.ts';
import { api, apiForAllTests } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import { failingCircuit, openCircuit } from '#test/support/circuits.ts';

const openUntil = Date.UTC(2100, 0, 1);

apiForAllTests();

const create = async (): Promise<string> =>
  (await api.call('POST /api/endpoints', { body: anEndpoint })).body.id;

async function open(id: string, until = openUntil): Promise<void> {
  await createCircuitStore(api.config).store(id, openCircuit({ until }));
}

describe('the circuit of an endpoint', () => {
  it('is shown with the endpoint, in the list, and by its own route', async () => {
    const id = await create();
    expect((await api.call(`GET /api/endpoints/${id}/circuit`)).body).toEqual({
      state: 'closed',
      failures: 0,
    });
    await open(id);
    const circuit = {
      state: 'open',
      failures: 1,
      failingSince: '1970-01-01T00:00:00.001Z',
      openUntil: '2100-01-01T00:00:00.000Z',
    };
    expect((await api.call(`GET /api/endpoints/${id}/circuit`)).body).toEqual(circuit);
    expect((await api.call(`GET /api/endpoints/${id}`)).body.circuit).toEqual(circuit);
    const { data } = (await api.call('GET /api/endpoints?limit=100')).body;
    expect(data.find((one: { id: string }) => one.id === id).circuit).toEqual(circuit);
  });

  it('becomes half open at its time', async () => {
    const id = await create();
    await open(id, 5);
    expect((await api.call(`GET /api/endpoints/${id}/circuit`)).body.state).toBe('half_open');
  });

  it('is closed by a reset, which releases held deliveries and announces it once', async () => {
    const id = await create();
    await open(id);
    for (const _ of [1, 2]) {
      const answer = await api.call(`POST /api/endpoints/${id}/circuit/reset`);
      expect(answer).toMatchObject({ status: 200, body: { state: 'closed', failures: 0 } });
    }
    expect(api.drained.filter((one) => one === id)).toHaveLength(1);
    expect(api.announced.filter((one) => one === id)).toHaveLength(1);
    expect(await createAttentionStore(api.config).watched(id)).toBeDefined();
  });

  it('is not closed again by a reset that read it before', async () => {
    const id = await create();
    const endpoints = createEndpointStore(api.config, undefined, api.vault);
    const circuits = createCircuitStore(api.config);
    await circuits.store(id, failingCircuit());
    const read = await endpoints.get('default', id);
    if (!read) throw new Error('there is no endpoint');
    await circuits.store(id, openCircuit({ revision: 2 }));
    const told: string[] = [];
    const reset = () =>
      resetCircuit(
        {
          watch: async () => undefined,
          closeCircuit: circuits.reset,
          announceClosed: async (_, epoch) => void told.push(`closed ${epoch}`),
          drain: async () => void told.push('drain'),
        },
        read,
      );
    await reset();
    expect(told).toEqual(['closed 0', 'drain']);
    await circuits.store(id, failingCircuit({ revision: 4, epoch: 1, since: 2, failingSince: 5 }));
    await reset();
    expect((await endpoints.get('default', id))?.circuit).toMatchObject({ epoch: 1, failures: 1 });
    expect(told).toHaveLength(2);
  });

  it('belongs to one application', async () => {
    const id = await create();
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const token = await api.makeTokenFor('other', ['admin']);
    expect((await api.call(`GET /api/endpoints/${id}/circuit`, { token })).status).toBe(404);
    expect((await api.call(`POST /api/endpoints/${id}/circuit/reset`, { token })).status).toBe(404);
  });

  it('is read by readers and reset by managers', async () => {
    const id = await create();
    const token = await api.makeTokenFor('default', ['read']);
    expect((await api.call(`GET /api/endpoints/${id}/circuit`, { token })).status).toBe(200);
    expect((await api.call(`POST /api/endpoints/${id}/circuit/reset`, { token })).status).toBe(403);
  });
});
