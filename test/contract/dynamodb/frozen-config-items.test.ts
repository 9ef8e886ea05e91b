import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createSlotStore } from '#adapters/dynamodb/endpoint/slot-store.ts';
import { createSlowMarkStore } from '#adapters/dynamodb/endpoint/slow-mark-store.ts';
import { createBeginTest } from '#adapters/dynamodb/endpoint/test-pause.ts';
import { createPurgeStore } from '#adapters/dynamodb/purge/purge-store.ts';
import { writeSnapshot } from '#adapters/dynamodb/routing/routing-snapshot.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import type { Application } from '#core/application/application.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import type { EventType } from '#core/event-type/event-type.ts';
import { hashToken, type TokenRecord } from '#core/token/token.ts';
import { api, apiForAllTests, database } from '#test/support/api-fixture.ts';
import type { TestApi } from '#test/support/api-function.ts';
import { openCircuit } from '#test/support/circuits.ts';
import { itemShapes } from '#test/support/item-shapes.ts';

// Keys and attributes of all items in the ConfigTable, as the stores write them. Deployments have data in this form, so
// that a rename would lose it. How to change a name on purpose: before the first release change the list below and say so
// in CHANGELOG.md; later also read what was stored under the old name.
const frozen = `
APP#* APPLICATION#<application>
  v
APP#* TOKEN#<token>
  applicationId createdAt hash id name scopes v
APP#<application> CHANGE#<version>
  change ttl v
APP#<application> DATAKEY
  createdAt v wrapped
APP#<application> ENDPOINT#<endpoint>
  route v walked(after shard)
APP#<application> EVENTTYPE#order.created
  applicationId archived createdAt description example name revision schema schemaVersion
  updatedAt v
APP#<application> META
  createdAt endpointCount eventTypeCount filterSteps id limits(bytesPerDay endpoints eventTypes
  eventsPerSecond) metadata name removing revision routeBytes ttl updatedAt v
APP#<application> ROUTES
  heap piece pieces v version
APP#<application> ROUTES#<version>#<number>
  piece v
APP#<application> TESTS
  next v
APP#<application> TOKEN#<token>
  applicationId capabilities createdAt expiresAt hash id name rateLimit(perSecond) scopes ttl v
ATTENTION#<number> ENDPOINT#<endpoint>
  announced applicationId drain(at cause last size step) endpointId kind since v
ATTENTION#<number> PURGE#<application>
  applicationId kind since v
ATTENTION#<number> ROUTES#<application>
  applicationId changes kind since v version
ENDPOINT#<endpoint> CONFIG
  applicationId circuitBreaker(enabled threshold timeout) createdAt dataKey encrypted events
  filterCost(fixed perCharacter preparation) filters headers id metadata name priority
  rateLimit(perSecond) retryConfig(baseDelay jitter maxAttempts maxDelay retryableStatuses
  schedule strategy) revision routed secrets(createdAt expiresAt value) signatureHeader
  signatureScheme timeout updatedAt url v
ENDPOINT#<endpoint> STATE
  circuitEpoch circuitPut circuitRevision circuitSince failingSince failures openUntil probeId
  probeUntil rateAsOf rateNext ratePer reason reopenings revision since status suspectUntil
  testedAt v
TOKEN#<hash> TOKEN
  applicationId capabilities createdAt expiresAt hash id lastUsedAt name rateLimit(perSecond)
  scopes ttl v
VERSION#<application>#<number> VERSION
  changedAt v version
`;

const time = Date.UTC(2026, 10, 23);
const times = { createdAt: time, updatedAt: time };
const application: Required<Application> = {
  ...{
    id: 'acme',
    name: 'Acme',
    metadata: {},
    limits: { endpoints: 9, eventTypes: 9, eventsPerSecond: 9, bytesPerDay: 9 },
    ...times,
  },
};
const eventType: Required<EventType> = {
  ...{ applicationId: 'acme', name: 'order.created', description: 'An order', archived: false, ...times },
  ...{ schema: '{"type":"object"}', example: '{}' },
};
const token: Omit<Required<TokenRecord>, 'id' | 'lastUsedAt'> = {
  ...{ applicationId: 'acme', name: 'Portal', scopes: [], capabilities: ['endpoints:read'], createdAt: time },
  ...{ expiresAt: Date.now() + 3_600_000, rateLimit: { perSecond: 5 } },
};
const endpoint: Omit<Required<Endpoint>, 'id'> = {
  ...{ applicationId: 'acme', name: 'Orders', url: 'https://example.com', events: ['order.*'], ...times },
  ...{
    headers: { 'X-Key': 'k' },
    metadata: {},
    timeout: 30_000,
    priority: 'high',
    rateLimit: { perSecond: 5 },
  },
  retryConfig: {
    ...{ maxAttempts: 2, strategy: 'custom', schedule: [1_000], retryableStatuses: [429] },
    ...{ baseDelay: 1, maxDelay: 1, jitter: true },
  },
  circuitBreaker: { enabled: true, threshold: 5, timeout: 60_000 },
  secrets: [{ value: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', createdAt: time, expiresAt: time }],
  signatureHeader: 'X-Hook0-Signature',
  signatureScheme: 'hook0-v1',
  filters: { conditions: [{ field: 'payload.amount', operator: 'gt', value: 1 }] },
  filterCost: { fixed: 1, perCharacter: 1, preparation: 1 },
};

apiForAllTests();

async function writeAll({ config: table, stores, ids }: TestApi): Promise<void> {
  const id = ids.endpoint();
  await stores.applications.create(application);
  await stores.endpoints.create({ ...endpoint, id });
  await stores.endpoints.create({ ...endpoint, id: ids.endpoint() });
  // As it is while credentials are not encrypted.
  await createEndpointStore(table).create({ ...endpoint, id: ids.endpoint() });
  const state = { status: 'disabled', reason: '410_gone', since: time } as const;
  await stores.endpoints.update('acme', id, (record) => ({ ...record, state }));
  await stores.eventTypes.create(eventType);
  await stores.tokens.create({ ...token, id: ids.token() }, hashToken('a'));
  await stores.tokens.touch(hashToken('a'), time);
  await writeState(table, id);
  await writeAttention(table, id);
  await writeRoutes(table, id);
  await stores.applications.create({ ...application, id: 'removed' });
  await stores.applications.remove('removed', { whole: true });
  await createPurgeStore(table).deleteRest('removed');
}

async function writeState(table: ConfigTable, id: string): Promise<void> {
  await createBeginTest(table)('acme', id, time);
  await createSlowMarkStore(table).mark(id, { until: time, ifBefore: time });
  await createSlotStore(table).reserve(id, { perSecond: 5, count: 1, asOf: time }, undefined, 60_000);
  const circuits = createCircuitStore(table);
  const probe = { id: 'probe', until: time };
  await circuits.reset(id, 0);
  await circuits.store(id, openCircuit({ revision: 2, epoch: 1, since: time, failingSince: time, probe }));
}

async function writeAttention(table: ConfigTable, endpointId: string): Promise<void> {
  const attention = createAttentionStore(table);
  await attention.watch({ endpointId, applicationId: 'acme' });
  await attention.announced(endpointId, `circuit.opened:${endpointId}:1`);
  const watched = await attention.watched(endpointId);
  if (watched === undefined) throw new Error('the watched endpoint is not there');
  await attention.takeStep(watched, { cause: time, step: 1, size: 10, at: time, last: 'evt_1' });
  await createPurgeStore(table).note('acme', endpointId, { shard: 1, after: 'evt_1' });
}

/** Enough of them for two pieces. */
async function writeRoutes(table: ConfigTable, endpointId: string): Promise<void> {
  const routes = [
    { endpointId, patterns: ['*'], metadata: { large: randomBytes(500_000).toString('base64') } },
  ];
  // Later than the version of the application, which begins with the time.
  const version = 2 * Date.now();
  await writeSnapshot(table, 'acme', { routes: { version, applicationMetadata: {}, routes }, bytes: 1 });
}

it('the ConfigTable keeps its keys and attributes', async () => {
  await writeAll(api);
  expect(await itemShapes(database.client, api.config.tableName)).toBe(frozen.trim());
});
