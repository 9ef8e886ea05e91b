import { beforeEach, describe, expect, it } from 'vitest';
import { defaultBounds } from '#core/application/limits.ts';
import { pack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import { eventOf } from '#test/support/deliveries.ts';
import { storeEvent } from '#test/support/stored-events.ts';

let now: number;
beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now, limits: defaultBounds });

const payload = { order: { amount: 50, note: 'x'.repeat(20_000) }, customer: 'customer-7' };
async function endpoint(body: object): Promise<string> {
  // The ids of one millisecond have no order.
  now += 1;
  const { body: made } = await api.call('POST /api/endpoints', {
    body: { ...anEndpoint, events: ['order.*'], ...body },
  });
  return made.id;
}
const filtered = (logic: string, ...conditions: object[]) => ({ filters: { logic, conditions } });
const amount = (operator: string, value: unknown) => ({ field: 'payload.order.amount', operator, value });

/** An event of the application that matched these endpoints, a second after they were made. */
async function anEvent(...ids: string[]): Promise<StoredEvent> {
  now += 1_000;
  const event = eventOf({
    ...{ applicationId: 'default', timestamp: now, deliverAt: now, endpointCount: ids.length },
    endpoints: ids.map((endpointId) => ({ endpointId, priority: 'normal' as const })),
    payload: pack(Buffer.from(JSON.stringify(payload))),
  });
  await api.stores.events.create(event);
  now += 1_000;
  return event;
}

const ask = async ({ id }: StoredEvent, endpointId: string) => {
  const { status, body } = await api.call(`GET /api/events/${id}/matching?endpointId=${endpointId}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ data: [{ endpointId }], nextCursor: null });
  return body.data[0];
};

describe('GET /api/events/{id}/matching', () => {
  it('says for each endpoint what became of the event', async () => {
    const matched = await endpoint({});
    const typed = await endpoint({ events: ['invoice.*', 'order.created.*'] });
    const off = await endpoint({});
    await api.call(`POST /api/endpoints/${off}/disable`);
    const refusing = await endpoint(filtered('AND', amount('gt', 10), amount('gt', 100)));
    const event = await anEvent(matched);
    const changed = await endpoint({ events: ['other'] });
    const { body } = await api.call(`GET /api/events/${event.id}/matching`);
    expect(body).toEqual({
      data: [
        {
          ...{ endpointId: matched, name: anEndpoint.name, outcome: 'matched', changedSince: false },
          explanation: expect.stringContaining('its delivery says'),
        },
        expect.objectContaining({
          ...{ endpointId: typed, outcome: 'event_type' },
          explanation: "none of the endpoint's events covers order.created: invoice.*, order.created.*",
        }),
        expect.objectContaining({ endpointId: off, outcome: 'disabled' }),
        {
          ...{ endpointId: refusing, name: anEndpoint.name, outcome: 'filter', changedSince: false },
          explanation:
            '/filters/conditions/1: payload.order.amount gt the number 100 does not hold; received the number 50',
          conditions: [
            {
              ...{
                pointer: '/filters/conditions/1',
                field: 'payload.order.amount',
                operator: 'gt',
                value: 100,
              },
              received: 'the number 50',
            },
          ],
        },
        expect.objectContaining({ endpointId: changed, outcome: 'created_later', changedSince: false }),
      ],
      nextCursor: null,
    });
  });

  it('knows what was changed since', async () => {
    const id = await endpoint(filtered('AND', amount('gt', 100)));
    const event = await anEvent();
    expect(await ask(event, id)).toMatchObject({ outcome: 'filter', changedSince: false });
    await api.call(`PATCH /api/endpoints/${id}`, { body: { filters: null } });
    expect(await ask(event, id)).toMatchObject({ outcome: 'changed_later', changedSince: true });
    await api.call(`PATCH /api/endpoints/${id}`, { body: { events: ['other'] } });
    expect(await ask(event, id)).toMatchObject({ outcome: 'event_type', changedSince: true });
  });

  it.each<[string, object, unknown[]]>([
    [
      'of each alternative',
      filtered('OR', amount('lt', 1), { conditions: [amount('gt', 1), amount('gt', 99)] }),
      [
        { pointer: '/filters/conditions/0', received: 'the number 50' },
        { pointer: '/filters/conditions/1/conditions/1', value: 99 },
      ],
    ],
    [
      'about a field that is missing',
      filtered('AND', { field: 'payload.none', operator: 'eq', value: 1 }),
      [{ received: 'nothing' }],
    ],
    [
      'about a text that is too long to be searched',
      filtered('AND', { field: 'payload.order.note', operator: 'regex', value: 'x' }),
      [{ received: 'a string of 20000, where at most 16384 are searched' }],
    ],
    [
      'with its reference as it was saved',
      { metadata: { least: 99 }, ...filtered('AND', amount('gte', `\${endpoint.metadata.least}`)) },
      [{ value: `\${endpoint.metadata.least}`, received: 'the number 50' }],
    ],
  ])('names the condition %s', async (_, body, conditions) => {
    const id = await endpoint(body);
    const answer = await ask(await anEvent(), id);
    expect(answer).toMatchObject({ outcome: 'filter', conditions });
    expect(answer.conditions).toHaveLength(conditions.length);
  });

  it('finds the endpoints of an event with more than fifty of them', async () => {
    const ids = [await endpoint({}), await endpoint({})];
    now += 1_000;
    const { event, matched } = await storeEvent(now, 60);
    for (const id of ids) expect((await ask(event, id)).outcome).toBe('changed_later');
    expect(matched).toHaveLength(60);
  });

  it('pages, and does no more work for a page than for an event', async () => {
    // Two of them would take longer than one event may.
    const expensive = { field: 'payload.order.note', operator: 'regex', value: 'a[ab]{60}[cd]' };
    const types = ['a', 'b', 'c'].map((type) => ({ events: [type], ...filtered('AND', expensive) }));
    const ids: string[] = [];
    for (const body of [...types, {}, {}]) ids.push(await endpoint(body));
    const event = await anEvent();
    const pages: string[][] = [];
    for (let cursor = ''; ; ) {
      const { body } = await api.call(`GET /api/events/${event.id}/matching?limit=3${cursor}`);
      pages.push(body.data.map(({ endpointId }: { endpointId: string }) => endpointId));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(pages.flat()).toEqual(ids);
    expect(pages[0]).toHaveLength(1);
    expect(pages.some((page) => page.length === 3)).toBe(true);
  });

  it('is about events and endpoints of the own application only', async () => {
    const id = await endpoint({});
    const event = await anEvent(id);
    await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
    const token = await api.makeTokenFor('acme', ['read']);
    const foreign = (
      await api.call('POST /api/endpoints', {
        body: anEndpoint,
        headers: { 'X-Hook0-Application': 'acme' },
      })
    ).body.id;
    expect((await api.call(`GET /api/events/${event.id}/matching`, { token })).status).toBe(404);
    expect((await api.call(`GET /api/events/${event.id}/matching?endpointId=${foreign}`)).status).toBe(404);
    const { body } = await api.call(`GET /api/events/${event.id}/matching`);
    expect(body.data.map(({ endpointId }: { endpointId: string }) => endpointId)).toEqual([id]);
    expect((await api.call(`GET /api/events/${event.id}/matching?endpointId=x`)).status).toBe(400);
  });

  it('shows portal tokens the conditions only with endpoints:read', async () => {
    const id = await endpoint(filtered('AND', amount('gt', 100)));
    const typed = await endpoint({ events: ['private.name'] });
    const event = await anEvent();
    const portal = async (...capabilities: string[]) => {
      const path = 'POST /api/applications/default/portal-tokens';
      const { token } = (await api.call(path, { body: { capabilities } })).body;
      return api.call(`GET /api/events/${event.id}/matching`, { token });
    };
    expect((await portal('endpoints:read')).status).toBe(403);
    const blind = await portal('events:read');
    expect(blind.status).toBe(200);
    expect(blind.body.data.map((one: { outcome: string }) => one.outcome)).toEqual(['filter', 'event_type']);
    expect(JSON.stringify(blind.body)).not.toMatch(/conditions|amount|private\.name/);
    const seeing = await portal('events:read', 'endpoints:read');
    expect(seeing.body.data[0]).toMatchObject({ endpointId: id, conditions: [{ value: 100 }] });
    expect(seeing.body.data[1]).toMatchObject({
      endpointId: typed,
      explanation: expect.stringContaining('private.name'),
    });
  });
});
