import { describe, expect, it } from 'vitest';
import { countSteps } from '#adapters/dynamodb/application/quota.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { commit } from '#adapters/dynamodb/table/transaction.ts';
import { defaultBounds } from '#core/application/limits.ts';
import type { Filter } from '#core/filter/filter.ts';
import { checkCost } from '#core/filter/validate.ts';
import { LimitReached } from '#core/problem/store-errors.ts';
import { routeOf } from '#core/routing/route.ts';
import { routeHeap } from '#core/routing/route-heap.ts';
import { api, apiForEachTest, restartApi } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

apiForEachTest({ limits: { ...defaultBounds, endpoints: 5, eventTypes: 2 } });

const create = () => api.call('POST /api/endpoints', { body: anEndpoint });
const listed = async (): Promise<string[]> =>
  (await api.call('GET /api/endpoints?limit=100')).body.data.map(({ id }: { id: string }) => id);

describe('the limit of event types', () => {
  // One with a schema changes the routing as well.
  const register = (name: string, schema?: object) =>
    api.call('POST /api/event-types', { body: { name, ...(schema && { schema }) } });

  it('is exact for concurrent requests, with and without a schema', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const answer = await register(`order.n${n}`, n % 2 === 0 ? { type: 'object' } : undefined);
        return answer.status;
      }),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(2);
    expect(statuses.filter((status) => status === 409)).toHaveLength(18);
  });

  it.each([[undefined], [{ type: 'object' }]])(
    'has a place again for each that is deleted',
    async (schema) => {
      for (const name of ['a.a', 'a.b']) expect((await register(name, schema)).status).toBe(201);
      expect(await register('a.c', schema)).toMatchObject({
        status: 409,
        body: { code: 'limit_reached', accepted: 'at most 2 event types' },
      });
      expect((await api.call('DELETE /api/event-types/a.a')).status).toBe(204);
      expect((await register('a.c', schema)).status).toBe(201);
      expect((await register('a.d', schema)).status).toBe(409);
    },
  );
});

describe('the limit of endpoints', () => {
  it('is exact for fifty concurrent requests', async () => {
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await create()).status));
    expect(statuses.filter((status) => status === 201)).toHaveLength(5);
    expect(statuses.filter((status) => status === 409)).toHaveLength(45);
    expect(await listed()).toHaveLength(5);
  });

  it('names the count, the limit and what to do', async () => {
    for (let index = 0; index < 5; index += 1) expect((await create()).status).toBe(201);
    expect(await create()).toMatchObject({
      status: 409,
      body: {
        code: 'limit_reached',
        accepted: 'at most 5 endpoints',
        detail: expect.stringMatching(/has 5 endpoints.*limit is 5.*delete some.*limits\.endpoints/),
      },
    });
  });

  it.each(['active', 'disabled'])(
    'has a place again for each %s endpoint that is deleted',
    async (status) => {
      for (let index = 0; index < 5; index += 1) await create();
      const ids = await listed();
      if (status === 'disabled') for (const id of ids) await api.call(`POST /api/endpoints/${id}/disable`);
      const removals = [...ids.slice(0, 3), ...ids.slice(0, 3)].map((id) =>
        api.call(`DELETE /api/endpoints/${id}`),
      );
      const statuses = (await Promise.all(removals)).map(({ status: answered }) => answered);
      expect(statuses.filter((answered) => answered === 204)).toHaveLength(3);
      const again = await Promise.all(Array.from({ length: 10 }, async () => (await create()).status));
      expect(again.filter((answered) => answered === 201)).toHaveLength(3);
    },
  );

  it('below the count deletes nothing and allows nothing new', async () => {
    for (let index = 0; index < 3; index += 1) await create();
    await api.call('PATCH /api/applications/default', { body: { limits: { endpoints: 2 } } });
    expect(await listed()).toHaveLength(3);
    const [first, second] = await listed();
    await api.call(`DELETE /api/endpoints/${first}`);
    expect((await create()).status).toBe(409);
    await api.call(`DELETE /api/endpoints/${second}`);
    expect((await create()).status).toBe(201);
  });

  it('survives other changes of the application', async () => {
    for (let index = 0; index < 5; index += 1) await create();
    await api.call('PATCH /api/applications/default', { body: { name: 'New', metadata: { a: 1 } } });
    expect((await create()).status).toBe(409);
  });
});

describe('the limit of event types', () => {
  it('is kept by the same steps', async () => {
    const bounds = { ...defaultBounds, eventTypes: 2 };
    const change = (eventTypes: number) =>
      commit(api.config, 'a place', async () => ({
        kind: 'write',
        steps: (await countSteps(api.config, 'default', { eventTypes }, bounds))?.steps ?? [],
        result: undefined,
      }));
    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => change(1)));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(change(1)).rejects.toThrow(LimitReached);
    await change(-1);
    await change(1);
  });
});

describe('the memory for routes', () => {
  const plain = { ...anEndpoint, events: ['order.created'], filters: null };
  const values = (count: number) => Array.from({ length: count }, (_, n) => `value-${n}`);
  const filtered = (count: number) => ({
    logic: 'AND',
    conditions: [{ field: 'payload.a', operator: 'in', value: values(count) }],
  });
  const bytesOf = (count?: number): number => {
    const priority = 'normal' as const;
    const filters = count === undefined ? {} : filtersOf(filtered(count) as Filter);
    return routeHeap(routeOf({ id: api.ids.endpoint(), events: plain.events, priority, ...filters }));
  };
  const filtersOf = (filters: Filter) => ({
    filters,
    filterCost: checkCost(filters, { endpoint: {} }).cost,
  });
  const roomFor = async (routeBytes: number) => {
    await restartApi({ limits: { ...defaultBounds, routeBytes } });
  };
  const make = async (filters: unknown = null) =>
    api.call('POST /api/endpoints', { body: { ...plain, filters } });
  const patch = (id: string, filters: unknown) =>
    api.call(`PATCH /api/endpoints/${id}`, { body: { filters } });

  it('is exact for concurrent requests, and the problem names the limit', async () => {
    await roomFor(3 * bytesOf());
    const answers = await Promise.all(Array.from({ length: 12 }, () => make()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 409,
      body: { code: 'limit_reached', detail: expect.stringMatching(/patterns.*memory\.ingest/) },
    });
    const [first] = await listed();
    expect((await api.call(`DELETE /api/endpoints/${first}`)).status).toBe(204);
    expect((await make()).status).toBe(201);
  });

  it('limits changes that need more of it, and grows by changes that need less', async () => {
    await roomFor(bytesOf(100) + bytesOf());
    const one = (await make(filtered(100))).body.id;
    const two = (await make()).body.id;
    expect(await patch(two, filtered(100))).toMatchObject({ status: 409, body: { code: 'limit_reached' } });
    expect((await patch(one, null)).status).toBe(200);
    expect((await patch(two, filtered(100))).status).toBe(200);
    expect((await make()).status).toBe(409);
  });

  it('is not used by a disabled endpoint, and needed to enable it', async () => {
    await roomFor(2 * bytesOf());
    const [one, two] = [(await make()).body.id, (await make()).body.id];
    await api.call(`POST /api/endpoints/${one}/disable`);
    const three = (await make()).body.id;
    expect(await api.call(`POST /api/endpoints/${one}/enable`)).toMatchObject({ status: 409 });
    await createEndpointReader(api.config).disable(two, '410_gone', Date.now());
    expect((await make()).status).toBe(409);
    // The scheduler removes its route.
    await api.stores.endpoints.update('default', two, (record) => record);
    expect((await api.call(`POST /api/endpoints/${one}/enable`)).status).toBe(200);
    for (const id of [one, two, three]) await api.call(`DELETE /api/endpoints/${id}`);
    expect([(await make()).status, (await make()).status, (await make()).status]).toEqual([201, 201, 409]);
  });
});

describe('limits of an application', () => {
  const limits = async (request: string, body?: object, token = api.operator) => {
    const answer = await api.call(request, { token, ...(body === undefined ? {} : { body }) });
    return answer.body.limits ?? answer.body;
  };

  it('are those of the deployment, unless an operator sets others', async () => {
    const made = { id: 'acme', name: 'Acme', limits: { endpoints: 7 } };
    const posted = { eventsPerSecond: 1_000, bytesPerDay: 10_000_000_000 };
    expect(await limits('POST /api/applications', made)).toEqual({ endpoints: 7, eventTypes: 2, ...posted });
    const patch = (change: unknown) => limits('PATCH /api/applications/acme', { limits: change });
    expect(await patch({ eventTypes: 9 })).toEqual({ endpoints: 7, eventTypes: 9, ...posted });
    const own = { eventsPerSecond: 3, bytesPerDay: 10_000_000 };
    expect(await patch({ ...own, endpoints: null })).toEqual({ endpoints: 5, eventTypes: 9, ...own });
    const byDefault = { endpoints: 5, eventTypes: 2, ...posted };
    expect(await patch(null)).toEqual(byDefault);
    expect(await limits('GET /api/applications/acme')).toEqual(byDefault);
    const { body } = await api.call('GET /api/applications');
    expect(body.data[0].limits).toEqual(byDefault);
  });

  it('are shown to the admin of the application, who cannot change them', async () => {
    const token = await api.makeTokenFor('default', ['admin']);
    expect(await limits('GET /api/applications/default', undefined, token)).toEqual({
      ...{ endpoints: 5, eventTypes: 2, eventsPerSecond: 1_000, bytesPerDay: 10_000_000_000 },
    });
    for (const change of [{ endpoints: 6 }, { endpoints: 1 }, { eventsPerSecond: 1 }, {}, null]) {
      expect(await limits('PATCH /api/applications/default', { limits: change }, token)).toMatchObject({
        status: 403,
        code: 'operator_required',
      });
    }
    expect((await api.call('GET /api/applications/default')).body.limits.endpoints).toBe(5);
  });

  it.each([
    [{ endpoints: -1 }, 'limits.endpoints'],
    [{ endpoints: 1.5 }, 'limits.endpoints'],
    [{ eventTypes: 1_000_001 }, 'limits.eventTypes'],
    [{ tokens: 1 }, 'limits.tokens'],
    [{ eventsPerSecond: 0 }, 'limits.eventsPerSecond'],
    [{ eventsPerSecond: 100_001 }, 'limits.eventsPerSecond'],
    [{ bytesPerDay: 9_999_999 }, 'limits.bytesPerDay'],
    [7, 'limits'],
  ])('are refused with the field: %j', async (change, field) => {
    for (const [request, body] of [
      ['POST /api/applications', { name: 'x', limits: change }],
      ['PATCH /api/applications/default', { limits: change }],
    ] as const) {
      expect(await api.call(request, { body })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', field },
      });
    }
  });
});
