import { createHash } from 'node:crypto';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { openDeliveries } from '#adapters/dynamodb/delivery/open-deliveries.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import { createPurgeStore } from '#adapters/dynamodb/purge/purge-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import type { DeliveryState } from '#core/delivery/delivery.ts';
import { deliveryId } from '#core/id/ids.ts';
import { newTask } from '#core/task/task.ts';
import { purgeApplication } from '#lambdas/scheduler/purge.ts';
import { type TickPorts, tick } from '#lambdas/scheduler/tick.ts';
import { api, apiForEachTest, database } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import { through } from '#test/support/config-fixtures.ts';
import { deliveryOf, eventOf } from '#test/support/deliveries.ts';

let now: number;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });

const minute = 60_000;
const headersOf = (application: string) => ({ 'X-Hook0-Application': application });

const states = (): DeliveryState[] => [
  { status: 'queued', dueAt: now },
  { status: 'attempting', claimId: 'c', until: now + minute },
  { status: 'held', heldFor: 'backoff', since: now, dueAt: now + 60 * minute },
  { status: 'held', heldFor: 'scheduled', since: now, dueAt: now + 60 * minute },
  { status: 'held', heldFor: 'rate_limit', since: now, dueAt: now + minute },
  { status: 'held', heldFor: 'circuit', since: now },
  { status: 'held', heldFor: 'paused', since: now },
  { status: 'succeeded', settledAt: now },
  { status: 'dead', reason: 'exhausted', settledAt: now },
  { status: 'cancelled', reason: 'expired', settledAt: now },
];

/** Makes an application with everything that one can have, and gives the ids of what it has. */
async function furnish(id: string) {
  const headers = headersOf(id);
  await api.call('POST /api/applications', {
    body: { id, name: id, metadata: { contact: `${id} Inc.` } },
  });
  const create = async () =>
    String((await api.call('POST /api/endpoints', { body: anEndpoint, headers })).body.id);
  const endpoints = [await create(), await create(), await create(), await create()];
  const [tested, paused, disabled, deleted = ''] = endpoints;
  await api.call(`POST /api/endpoints/${tested}/test`, { headers });
  for (const schema of [undefined, { type: 'object' }]) {
    const name = schema === undefined ? 'order.plain' : 'order.checked';
    await api.call('POST /api/event-types', { body: { name, ...(schema && { schema }) }, headers });
  }
  await api.call(`POST /api/endpoints/${paused}/pause`, { headers });
  await api.call(`POST /api/endpoints/${disabled}/disable`, { headers });
  const events: string[] = [];
  for (const endpointId of endpoints) {
    const kept = endpointId === deleted ? states().filter(({ status }) => status === 'dead') : states();
    for (const state of kept) {
      const event = eventOf({ applicationId: id, timestamp: now, deliverAt: now, endpointCount: 1 });
      const matched = [{ endpointId, priority: 'normal' as const }];
      await api.stores.events.create({ ...event, endpoints: matched });
      const delivery = deliveryOf({ applicationId: id, endpointId, eventId: event.id, createdAt: now });
      await api.stores.deliveries.store({ ...delivery, revision: 1, state });
      events.push(event.id);
    }
  }
  await api.call(`DELETE /api/endpoints/${deleted}`, { headers });
  const task = newTask(api.ids.task(), id, { kind: 'redrive' }, now);
  await api.stores.tasks.store(task);
  await createIdempotencyStore(api.event).store(
    { applicationId: id, keyHash: 'k' },
    {
      kind: 'pending',
      revision: 1,
      requestHash: 'r',
      claimId: 'c',
      leaseUntil: 0,
      eventIds: events.slice(0, 1),
    },
  );
  await createRoutingStore(api.config).pack(id);
  const token = await api.makeTokenFor(id, ['admin']);
  const portal = await api.call(`POST /api/applications/${id}/portal-tokens`);
  return { id, headers, endpoints, events, taskId: task.id, token, portal: String(portal.body.token) };
}

type Furnished = Awaited<ReturnType<typeof furnish>>;
type Item = Record<string, AttributeValue>;

async function scan(): Promise<Item[]> {
  const found: Item[] = [];
  for (const TableName of [api.config.tableName, api.event.tableName]) {
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await database.client.send(new ScanCommand({ TableName, ExclusiveStartKey }));
      found.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }
  return found;
}

/** The same text for the same item: the engine gives maps in any order. */
const textOf = (item: Item): string =>
  JSON.stringify(item, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );

/** All items that name an application, one of its endpoints or its events. */
async function itemsOf({ id, endpoints, events }: Furnished): Promise<Item[]> {
  const names = [...endpoints, ...events];
  const application = new RegExp(`[#"]${id}["#]`);
  return (await scan()).filter((item) => {
    const text = textOf(item);
    return application.test(text) || names.some((name) => text.includes(name));
  });
}

const checksum = async (of: Furnished): Promise<string> =>
  createHash('sha256')
    .update((await itemsOf(of)).map(textOf).sort().join('\n'))
    .digest('hex');

interface Breaks {
  /** Whether the command with this number fails. */
  readonly at?: (command: number) => boolean;
  readonly hasTime?: () => boolean;
}

/** The scheduler over the real stores; what it wakes is cancelled, as deliver does when an endpoint is gone. */
function scheduler({ at = () => false, hasTime = () => true }: Breaks = {}) {
  let commands = 0;
  const client = through(database.client, async (command) => {
    commands += 1;
    if (at(commands)) throw new Error('crashed');
    return database.client.send(command);
  });
  const config = { ...api.config, client };
  const event = { ...api.event, client };
  const deliveries = createDeliveryStore(event);
  const attention = createAttentionStore(config);
  const endpoints = createEndpointStore(config);
  const troubles: unknown[] = [];
  const ports: TickPorts = {
    now: () => now,
    hasTime,
    deliveries,
    wake: async (delivery) => {
      const standing = await deliveries.get(delivery.endpointId, delivery.eventId);
      if (standing === undefined || (await createEndpointReader(config).load(delivery.endpointId))) return;
      const state = { status: 'cancelled', reason: 'endpoint_deleted', settledAt: now } as const;
      await deliveries.store({ ...standing, revision: standing.revision + 1, state });
    },
    due: async () => ({ items: [] }),
    held: (endpointId, shard, { after, limit = 100, until }) =>
      deliveries.held(endpointId, shard, { after, limit }, until),
    attention,
    endpoint: (endpointId) => createEndpointReader(config).load(endpointId, { consistent: true }),
    unroute: async ({ endpoint }) => {
      await endpoints.update(endpoint.applicationId, endpoint.id, (record) => record);
    },
    drain: async () => undefined,
    expired: async () => undefined,
    announce: async () => undefined,
    random: Math.random,
    pack: async () => false,
    purge: (applicationId) =>
      purgeApplication(applicationId, {
        now: () => now,
        hasTime,
        deliveries,
        removal: createPurgeStore(config),
        openDeliveries: (endpointId, from) => openDeliveries(event, endpointId, from),
        dead: (id, shard, after) =>
          deliveries.deadBy(id, shard, now, { limit: 100, ...(after === undefined ? {} : { after }) }),
      }),
    onError: (_, error) => troubles.push(error),
  };
  return { run: () => tick(ports), troubles, commands: () => commands };
}

const isPurging = async (): Promise<boolean> =>
  (await createAttentionStore(api.config).list()).some(({ kind }) => kind === 'purge');

/** Ticks, a minute apart, until nothing of an application is left to look after. */
async function tickUntilGone(id: string, run: () => Promise<unknown>): Promise<void> {
  for (let ticks = 0; ticks < 20; ticks += 1) {
    await run();
    now += minute;
    const left = await createAttentionStore(api.config).list();
    if (!left.some((entry) => entry.kind !== 'routes' && entry.applicationId === id)) return;
  }
  throw new Error('after 20 minutes the scheduler still looks after it');
}

async function expectGone(of: Furnished): Promise<void> {
  for (const item of await itemsOf(of)) {
    expect(item).toHaveProperty('ttl');
    // Tasks are listed until they expire; nobody looks after them.
    if (!item.attentionKey?.S?.startsWith('TASKS#')) expect(item).not.toHaveProperty('attentionKey');
    expect(item.pk?.S).not.toMatch(/^(TOKEN|VERSION|ATTENTION)#/);
    // Events are kept until they expire; no name or contact of the tenant is.
    expect(textOf(item)).not.toContain(`${of.id} Inc.`);
  }
}

const remove = (of: Furnished) => api.call(`DELETE /api/applications/${of.id}?confirm=${of.id}`);

describe('an application with everything that one can have', () => {
  it('is removed when its id is given once more, and only then', async () => {
    const acme = await furnish('acme');
    const before = await checksum(acme);
    expect(await api.call('DELETE /api/applications/acme')).toMatchObject({
      status: 409,
      body: { code: 'not_empty', detail: expect.stringContaining('?confirm=acme') },
    });
    for (const wrong of ['true', 'ACME', 'default', '']) {
      expect(await api.call(`DELETE /api/applications/acme?confirm=${wrong}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_query', field: 'confirm' },
      });
    }
    expect(await checksum(acme)).toBe(before);
    expect(await remove(acme)).toMatchObject({ status: 202, body: { id: 'acme', status: 'purging' } });
  });

  it('is gone at once, for operators and for its own tokens', async () => {
    const acme = await furnish('acme');
    // Remembered for a minute, as by a warm function.
    await api.call('GET /api/endpoints', { token: acme.token });
    await api.call('GET /api/endpoints', { token: acme.portal });
    await remove(acme);
    const [endpointId = '', eventId = ''] = [acme.endpoints[0], acme.events[0]];
    const requests = [
      'GET /api/applications/acme',
      'GET /api/endpoints',
      `GET /api/endpoints/${endpointId}`,
      `GET /api/endpoints/${endpointId}/deliveries`,
      `GET /api/events/${eventId}`,
      `GET /api/deliveries/${deliveryId(endpointId, eventId)}`,
      `GET /api/tasks/${acme.taskId}`,
      'GET /api/dead-letters',
      'POST /api/endpoints',
    ];
    for (const request of requests) {
      const body = request.startsWith('POST') ? { body: anEndpoint } : {};
      expect(await api.call(request, { headers: acme.headers, ...body })).toMatchObject({ status: 404 });
      expect(await api.call(request, { token: acme.token, ...body })).toMatchObject({ status: 404 });
      // By a neighbour, as ever.
      if (/_/.test(request)) expect(await api.call(request)).toMatchObject({ status: 404 });
    }
    expect((await api.call('GET /api/endpoints', { token: acme.portal })).status).toBe(404);
    const made = await api.call('POST /api/tokens', {
      token: acme.token,
      body: { name: 'x', scopes: ['read'] },
    });
    expect(made.status).toBe(404);
    expect(await createRoutingStore(api.config).version('acme')).toBeUndefined();
    // Asking again is no error while it goes on, and finds nothing afterwards.
    expect((await remove(acme)).status).toBe(202);
    await tickUntilGone('acme', scheduler().run);
    expect((await remove(acme)).status).toBe(404);
    for (const request of requests.filter((one) => one.startsWith('GET'))) {
      expect((await api.call(request, { headers: acme.headers })).status).toBe(404);
    }
  });

  it('leaves nothing that does not expire, and its neighbour as it was', async () => {
    const acme = await furnish('acme');
    const globex = await furnish('globex');
    // What the scheduler has to do for it all the same is done first.
    for (let ticks = 0; ticks < 10; ticks += 1) {
      await scheduler().run();
      now += minute;
    }
    const before = await checksum(globex);
    expect((await itemsOf(globex)).length).toBeGreaterThan(60);
    await remove(acme);
    const { run, troubles } = scheduler();
    await run();
    expect(await isPurging()).toBe(false);
    await tickUntilGone('acme', run);
    expect(troubles).toEqual([]);
    await expectGone(acme);
    expect(await checksum(globex)).toBe(before);
    expect((await api.call('GET /api/dead-letters', { headers: globex.headers })).body.data).not.toEqual([]);
  });

  it('is taken down whole, whatever crashes on the way', async () => {
    const acme = await furnish('acme');
    await remove(acme);
    let crashes = 0;
    // Each tick dies a little later than the one before.
    for (let at = 17; await isPurging(); at += 9) {
      const broken = scheduler({ at: (command) => command >= at });
      await broken.run().catch(() => undefined);
      if (broken.commands() >= at) crashes += 1;
      expect(await api.call('POST /api/applications', { body: { id: 'acme', name: 'x' } })).toMatchObject({
        status: 409,
      });
    }
    expect(crashes).toBeGreaterThan(8);
    await tickUntilGone('acme', scheduler().run);
    await expectGone(acme);
  });

  it('is taken down in parts when a tick has no time for all of it, and each part once', async () => {
    const acme = await furnish('acme');
    await remove(acme);
    let ticks = 0;
    while (await isPurging()) {
      ticks += 1;
      expect(ticks).toBeLessThan(40);
      let left = 12 + (ticks % 5);
      const hasTime = () => {
        left -= 1;
        return left >= 0;
      };
      await scheduler({ hasTime }).run();
    }
    expect(ticks).toBeGreaterThan(1);
    await tickUntilGone('acme', scheduler().run);
    await expectGone(acme);
  });

  it('keeps its id from others, who would see its events', async () => {
    const acme = await furnish('acme');
    const create = () => api.call('POST /api/applications', { body: { id: 'acme', name: 'Another' } });
    await remove(acme);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    expect((await api.stores.applications.get('acme')) ?? 'gone').toBe('gone');
    await tickUntilGone('acme', scheduler().run);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    await expectGone(acme);
  });

  it('does not take down a later application of the same id, should a tick come very late', async () => {
    const acme = await furnish('acme');
    await remove(acme);
    await tickUntilGone('acme', scheduler().run);
    now += 500 * 24 * 60 * minute;
    expect((await api.call('POST /api/applications', { body: { id: 'acme', name: 'Second' } })).status).toBe(
      201,
    );
    await api.call('POST /api/endpoints', { body: anEndpoint, headers: acme.headers });
    const ports = createPurgeStore(api.config);
    expect(await ports.isBeingRemoved('acme')).toBe(false);
    await scheduler().run();
    expect((await api.call('GET /api/endpoints', { headers: acme.headers })).body.data).toHaveLength(1);
  });
});

describe('an application whose endpoints were deleted before it', () => {
  it('leaves no dead letters of theirs in the index', async () => {
    const acme = await furnish('acme');
    for (const id of acme.endpoints) await api.call(`DELETE /api/endpoints/${id}`, { headers: acme.headers });
    expect((await api.call('DELETE /api/applications/acme')).status).toBe(204);
    await scheduler().run();
    const dead = await api.stores.deliveries.dead('acme', { limit: 100 });
    expect(dead.items).toEqual([]);
  });
});
