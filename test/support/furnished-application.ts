import { createHash } from 'node:crypto';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect } from 'vitest';
import { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import type { DeliveryState } from '#core/delivery/delivery.ts';
import { newTask } from '#core/task/task.ts';
import { api, apiForEachTest, database } from './api-fixture.ts';
import { anEndpoint } from './api-function.ts';
import { deliveryOf, eventOf } from './deliveries.ts';

/** The clock of the API and the scheduler, in epoch milliseconds. */
export const clock = { now: 0 };

/** To be called at the top of a test file: each test gets a new API. */
export function apiWithClock(): void {
  beforeEach(() => {
    clock.now = Date.now();
  });
  apiForEachTest({ now: () => clock.now });
}

export const minute = 60_000;

const headersOf = (application: string) => ({ 'X-Hook0-Application': application });

const states = (): DeliveryState[] => [
  { status: 'queued', dueAt: clock.now },
  { status: 'attempting', claimId: 'c', until: clock.now + minute },
  { status: 'held', heldFor: 'backoff', since: clock.now, dueAt: clock.now + 60 * minute },
  { status: 'held', heldFor: 'scheduled', since: clock.now, dueAt: clock.now + 60 * minute },
  { status: 'held', heldFor: 'rate_limit', since: clock.now, dueAt: clock.now + minute },
  { status: 'held', heldFor: 'circuit', since: clock.now },
  { status: 'held', heldFor: 'paused', since: clock.now },
  { status: 'succeeded', settledAt: clock.now },
  { status: 'dead', reason: 'exhausted', settledAt: clock.now },
  { status: 'cancelled', reason: 'expired', settledAt: clock.now },
];

/** Makes an application with everything that one can have, and returns the ids of what it has. */
export async function furnish(id: string) {
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
      const event = eventOf({
        applicationId: id,
        timestamp: clock.now,
        deliverAt: clock.now,
        endpointCount: 1,
      });
      const matched = [{ endpointId, priority: 'normal' as const }];
      await api.stores.events.create({ ...event, endpoints: matched });
      const delivery = deliveryOf({ applicationId: id, endpointId, eventId: event.id, createdAt: clock.now });
      await api.stores.deliveries.store({ ...delivery, revision: 1, state });
      events.push(event.id);
    }
  }
  await api.call(`DELETE /api/endpoints/${deleted}`, { headers });
  const task = newTask(api.ids.task(), id, { kind: 'redrive' }, clock.now);
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

/** The same text for the same item, because the engine returns maps in any order. */
const textOf = (item: Item): string =>
  JSON.stringify(item, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );

/** All items that name an application, one of its endpoints or its events. */
export async function itemsOf({ id, endpoints, events }: Furnished): Promise<Item[]> {
  const names = [...endpoints, ...events];
  const application = new RegExp(`[#"]${id}["#]`);
  return (await scan()).filter((item) => {
    const text = textOf(item);
    return application.test(text) || names.some((name) => text.includes(name));
  });
}

export const checksum = async (of: Furnished): Promise<string> =>
  createHash('sha256')
    .update((await itemsOf(of)).map(textOf).sort().join('\n'))
    .digest('hex');

export async function expectGone(of: Furnished): Promise<void> {
  for (const item of await itemsOf(of)) {
    expect(item).toHaveProperty('ttl');
    // Tasks are listed until they expire, and are not watched.
    if (!item.attentionKey?.S?.startsWith('TASKS#')) expect(item).not.toHaveProperty('attentionKey');
    expect(item.pk?.S).not.toMatch(/^(TOKEN|VERSION|ATTENTION)#/);
    // Events are kept until they expire, but not the name or contact of the tenant.
    expect(textOf(item)).not.toContain(`${of.id} Inc.`);
  }
}

export const remove = (of: Furnished) => api.call(`DELETE /api/applications/${of.id}?confirm=${of.id}`);
