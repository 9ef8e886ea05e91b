import { describe, expect, it } from 'vitest';
import { createSchemaReader } from '#adapters/dynamodb/event-type/schema-reader.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createTypeCheck } from '#core/event-type/type-check.ts';
import { createRoutingCache, type RoutingCache } from '#core/routing/routing-cache.ts';
import { api, apiForEachTest, database } from '#test/support/api-fixture.ts';
import { anEvent, through } from '#test/support/config-fixtures.ts';

apiForEachTest();

const schema = {
  type: 'object',
  required: ['amount'],
  properties: { amount: { type: 'number', minimum: 0 }, code: { pattern: '^[A-Z]{3}$' } },
};
const create = (body: object) => api.call('POST /api/event-types', { body });

/** The routing cache of ingest. @param reads - collects the reads of event types. */
function aCache(reads: string[] = []): RoutingCache {
  const client = through(database.client, (command) => {
    const { Key } = command.input as { Key?: { sk?: { S?: string } } };
    if (Key?.sk?.S?.startsWith('EVENTTYPE#')) reads.push(Key.sk.S);
    return database.client.send(command as never);
  });
  const table = { ...api.config, client };
  return createRoutingCache({
    source: createRoutingStore(table),
    maxBytes: 1e7,
    checkType: createTypeCheck({ load: createSchemaReader(table), maxCharacters: 100_000 }),
  });
}

/** The result for an event: taken, or the code of the problem. */
const post = (cache: RoutingCache, type: string, payload: unknown) =>
  cache.match('default', anEvent(type, payload)).then(
    () => 'taken',
    (error: { code?: string }) => error.code,
  );

describe('event types', () => {
  it('are not registered with dryRun, which answers the problems', async () => {
    const trial = (body: object) => api.call('POST /api/event-types?dryRun=true', { body });
    expect((await trial({ name: 'order.created', schema })).status).toBe(204);
    expect((await api.call('GET /api/event-types')).body.data).toEqual([]);
    expect((await trial({ name: 'order created' })).body).toMatchObject({
      code: 'validation_failed',
      field: 'name',
    });
    const registered = { name: 'order.created', schema };
    await create(registered);
    const [again, trialAgain] = [await create(registered), await trial(registered)];
    expect(trialAgain).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    expect(trialAgain.body.detail).toBe(again.body.detail);
  });

  it('are registered, read, changed field by field, listed by name and removed', async () => {
    const { status, body, headers } = await create({ name: 'order.created', schema, example: { amount: 1 } });
    expect(status).toBe(201);
    expect(body).toEqual({
      name: 'order.created',
      applicationId: 'default',
      description: null,
      schema,
      example: { amount: 1 },
      archived: false,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: body.createdAt,
    });
    expect((await api.call(`GET ${headers.location}`)).body).toEqual(body);

    const patch = (change: unknown) => api.call(`PATCH ${headers.location}`, { body: change });
    expect((await patch({ description: 'An order was made' })).body).toMatchObject({
      description: 'An order was made',
      schema,
    });
    // A schema is replaced as a whole.
    expect((await patch({ schema: { type: 'object' } })).body.schema).toEqual({ type: 'object' });
    expect((await patch({ schema: null, example: null, description: null })).body).toMatchObject({
      schema: null,
      example: null,
      description: null,
    });
    expect((await patch({ archived: true })).body.archived).toBe(true);

    await create({ name: 'a.b' });
    await create({ name: 'zoo' });
    const first = await api.call('GET /api/event-types?limit=2');
    expect(first.body.data.map(({ name }: { name: string }) => name)).toEqual(['a.b', 'order.created']);
    const rest = await api.call(`GET /api/event-types?limit=2&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ data: [{ name: 'zoo' }], nextCursor: null });

    expect((await api.call(`DELETE ${headers.location}`)).status).toBe(204);
    expect((await api.call(`GET ${headers.location}`)).status).toBe(404);
    expect((await api.call(`DELETE ${headers.location}`)).status).toBe(404);
  });

  it('belong to one application', async () => {
    await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
    await create({ name: 'order.created', schema });
    const token = await api.makeTokenFor('acme', ['manage']);

    expect((await api.call('GET /api/event-types/order.created', { token })).status).toBe(404);
    expect((await api.call('GET /api/event-types', { token })).body.data).toEqual([]);
    expect((await api.call('POST /api/event-types', { token, body: { name: 'order.created' } })).status).toBe(
      201,
    );
    expect((await create({ name: 'order.created' })).body).toMatchObject({
      status: 409,
      code: 'already_exists',
    });
  });

  it('are removed with their application and do not prevent that', async () => {
    await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
    const inAcme = { headers: { 'x-hook0-application': 'acme' } };
    await api.call('POST /api/event-types', { ...inAcme, body: { name: 'order.created', schema } });

    expect((await api.call('DELETE /api/applications/acme')).status).toBe(204);
    expect(await api.stores.eventTypes.get('acme', 'order.created')).toBeUndefined();
    await expect(
      api.stores.eventTypes.create({
        applicationId: 'acme',
        name: 'x',
        archived: false,
        createdAt: 1,
        updatedAt: 1,
      }),
    ).rejects.toThrow('there is no application "acme"');
  });

  it.each([
    [{ name: 'order created' }, 'name', undefined],
    [{}, 'name', undefined],
    [{ name: 'a', schema: 'x' }, 'schema', undefined],
    [{ name: 'a', schema: { properties: { b: { type: 'date' } } } }, 'schema', '/properties/b/type'],
    [{ name: 'a', schema: { pattern: '(?!a)' } }, 'schema', '/pattern'],
    [{ name: 'a', schema: { $ref: 'https://example.com/a.json' } }, 'schema', '/$ref'],
    [{ name: 'a', schema: { description: 'x'.repeat(65_536) } }, 'schema', ''],
    [{ name: 'a', schema, example: { amount: -1 } }, 'example.amount', '/amount'],
    [{ name: 'a', example: 'x'.repeat(16_400) }, 'example', undefined],
    [{ name: 'a', archived: 'yes' }, 'archived', undefined],
    [{ name: 'a', description: '' }, 'description', undefined],
    [{ name: 'a', retention: 3 }, 'retention', undefined],
  ])('%j is refused with the position', async (body, field, pointer) => {
    const answer = await create(body);

    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed', field });
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(answer.body.errors[0].message).toMatch(/received .*accepted|at most|event type/);
  });

  it('name the value received instead of a schema', async () => {
    const { body } = await create({ name: 'a', schema: 5 });
    expect(body.detail).toMatch(
      /^schema: received the number 5; accepted: a JSON Schema \(2020-12 or draft-07\)/,
    );
  });

  it('are read with the scope read and changed with manage', async () => {
    const reader = await api.makeTokenFor('default', ['read']);
    const producer = await api.makeTokenFor('default', ['ingest']);

    expect((await api.call('GET /api/event-types', { token: reader })).status).toBe(200);
    for (const token of [reader, producer]) {
      expect((await api.call('POST /api/event-types', { token, body: { name: 'a' } })).status).toBe(403);
    }
  });
});

describe('events of a registered type', () => {
  it('pass its schema or are refused, from the next event on', async () => {
    const cache = aCache();
    expect(await post(cache, 'order.created', { amount: -5 })).toBe('taken');

    await create({ name: 'order.created', schema });
    expect(await post(cache, 'order.created', { amount: -5 })).toBe('payload_schema');
    expect(await post(cache, 'order.created', { amount: 5, code: 'ABC' })).toBe('taken');
    expect(await post(cache, 'order.created', { amount: 5, code: 'abc' })).toBe('payload_schema');
    expect(await post(cache, 'order.changed', { amount: -5 })).toBe('taken');

    await api.call('PATCH /api/event-types/order.created', { body: { schema: { required: ['id'] } } });
    expect(await post(cache, 'order.created', { amount: -5, id: 1 })).toBe('taken');
    expect(await post(cache, 'order.created', { amount: 5 })).toBe('payload_schema');

    await api.call('PATCH /api/event-types/order.created', { body: { archived: true } });
    expect(await post(cache, 'order.created', { id: 1 })).toBe('event_type_archived');

    await api.call('PATCH /api/event-types/order.created', { body: { archived: false, schema: null } });
    expect(await post(cache, 'order.created', {})).toBe('taken');

    await api.call('PATCH /api/event-types/order.created', { body: { schema: false } });
    await api.call('DELETE /api/event-types/order.created');
    expect(await post(cache, 'order.created', {})).toBe('taken');
  });

  it('are refused with a JSON pointer and without texts of the payload', async () => {
    await create({ name: 'order.created', schema });

    await expect(
      aCache().match('default', anEvent('order.created', { amount: 'a secret', code: 'another' })),
    ).rejects.toMatchObject({
      code: 'payload_schema',
      status: 422,
      field: 'payload.amount',
      errors: [
        { field: 'payload.amount', pointer: '/amount', accepted: 'number' },
        {
          field: 'payload.code',
          pointer: '/code',
          message: expect.stringContaining('a string of 7 characters'),
        },
      ],
      message: expect.not.stringContaining('secret'),
    });
  });

  it('cost one read of the schema, and none without a schema', async () => {
    await create({ name: 'order.created', schema });
    await create({ name: 'order.plain', description: 'registered, and takes everything' });
    const reads: string[] = [];
    const cache = aCache(reads);

    await Promise.all(Array.from({ length: 20 }, () => post(cache, 'order.created', { amount: 1 })));
    await post(cache, 'order.plain', 1);
    await post(cache, 'order.unknown', 1);

    expect(reads).toEqual(['EVENTTYPE#order.created']);
  });

  it('are checked after a start from a snapshot and after a rebuild', async () => {
    const routing = createRoutingStore(api.config);
    await create({ name: 'order.created', schema });
    await create({ name: 'order.archived', archived: true });
    expect(await routing.pack('default')).toBe('packed');

    const { index } = await routing.load('default');

    expect(index.routes.eventTypes).toEqual([
      { name: 'order.archived', archived: true },
      { name: 'order.created', archived: false, schemaVersion: expect.any(Number) },
    ]);
    expect(await post(aCache(), 'order.created', {})).toBe('payload_schema');
    expect(await post(aCache(), 'order.archived', {})).toBe('event_type_archived');
  });

  it('wait for a schema whose item is not visible yet', async () => {
    await create({ name: 'order.created', schema });
    const standing = await api.stores.eventTypes.get('default', 'order.created');
    let hidden = 2;
    const client = through(database.client, async (command) => {
      const answer = await database.client.send(command as never);
      const { Key } = command.input as { Key?: { sk?: { S?: string } } };
      return Key?.sk?.S?.startsWith('EVENTTYPE#') && hidden-- > 0 ? {} : answer;
    });
    const load = createSchemaReader({ ...api.config, client });

    expect(await load('default', { name: 'order.created', archived: false, schemaVersion: 1 })).toMatchObject(
      {
        schema: standing?.schema,
      },
    );
  });
});
