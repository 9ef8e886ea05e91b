import { expect, it } from 'vitest';
import { createOutlineReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { defaultBounds } from '#core/application/limits.ts';
import { mostSteps } from '#core/filter/cost.ts';
import { filterLimits } from '#core/filter/filter.ts';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

apiForEachTest({ limits: defaultBounds });

// One may be saved for an event type, and no second one.
const expensive = { field: 'payload.text', operator: 'regex', value: 'a[ab]{60}[cd]' };
const ofCustomer = (value: number) => ({ field: 'payload.customer', operator: 'eq', value });
const bodyOf = (events: readonly string[], ...conditions: object[]) => ({
  ...anEndpoint,
  events,
  filters: { logic: 'AND', conditions },
});
const create = (events: readonly string[], ...conditions: object[]) =>
  api.call('POST /api/endpoints', { body: bodyOf(events, ...conditions) });
const patch = (id: string, body: object) => api.call(`PATCH /api/endpoints/${id}`, { body });

it('refuses filters that one event could not pass in time, and says what they cost', async () => {
  expect((await create(['order.created'], expensive)).status).toBe(201);
  const { status, body } = await create(['order.*'], expensive);
  expect(status).toBe(409);
  expect(body).toMatchObject({
    code: 'limit_reached',
    field: 'filters',
    accepted: `filters of at most ${filterLimits.steps} steps together for the events of one type`,
    detail: expect.stringMatching(
      /an event of order\.created may have to pass filters that take \d+ steps together, \d+ of them in this endpoint's filter; accepted: .* Use eq or in/,
    ),
  });
  // Nothing of it was stored.
  expect((await api.call('GET /api/endpoints')).body.data).toHaveLength(1);
});

it('takes as many as there are types, customers, or endpoints without such filters', async () => {
  expect((await create(['order.created'], expensive)).status).toBe(201);
  expect((await create(['order.shipped'], expensive)).status).toBe(201);
  expect((await create(['invoice.*'], ofCustomer(1), expensive)).status).toBe(201);
  expect((await create(['invoice.*'], ofCustomer(2), expensive)).status).toBe(201);
  expect((await create(['invoice.*'], ofCustomer(2), expensive)).status).toBe(409);
  expect((await create(['*'], { field: 'payload.amount', operator: 'gt', value: 100 })).status).toBe(201);
  expect((await create(['*'])).status).toBe(201);
});

it('checks every change that routes more events to a filter, and lets go of what is deleted', async () => {
  const first = (await create(['a'], expensive)).body.id;
  const second = (await create(['b'], expensive)).body.id;
  expect((await patch(second, { events: ['a', 'b'] })).status).toBe(409);
  expect((await patch(second, { name: 'Another' })).status).toBe(200);
  expect((await patch(second, { filters: null })).status).toBe(200);
  expect((await patch(second, { events: ['a', 'b'] })).status).toBe(200);
  expect((await patch(second, { filters: { conditions: [expensive] } })).status).toBe(409);
  await api.call(`POST /api/endpoints/${first}/disable`);
  expect((await patch(second, { filters: { conditions: [expensive] } })).status).toBe(200);
  expect((await api.call(`POST /api/endpoints/${first}/enable`)).status).toBe(409);
  await api.call(`DELETE /api/endpoints/${second}`);
  expect((await api.call(`POST /api/endpoints/${first}/enable`)).status).toBe(200);
});

it('lets at most as much through for simultaneous requests', async () => {
  expect((await create(['other'], expensive)).status).toBe(201);
  const created = await Promise.all(Array.from({ length: 6 }, () => create(['a'], expensive)));
  expect(created.filter(({ status }) => status === 201)).toHaveLength(1);
});

it('stores the cost with the filter, for the metadata of the endpoint', async () => {
  const reference = { field: 'payload.a', operator: 'in', value: `\${endpoint.metadata.list}` };
  const { id } = (await create(['a'], reference)).body;
  const read = createOutlineReader(api.config);
  const stepsNow = async () => {
    const cost = (await read.load(id, { consistent: true }))?.endpoint.filterCost;
    return cost === undefined ? 0 : mostSteps(cost);
  };
  const before = await stepsNow();
  await patch(id, { metadata: { list: Array.from({ length: 1_000 }, () => 0) } });
  expect(await stepsNow()).toBeGreaterThan(5 * before);
  await patch(id, { filters: { conditions: [{ field: 'payload.a', operator: 'regex', value: '^a' }] } });
  await patch(id, { metadata: {} });
  expect(await stepsNow()).toBeGreaterThan(1_000);
});
