// What an application with many endpoints, and many applications, cost in memory and in time, on the embedded engine:
// `npm run bench`. The floor of a load is reading the same bytes from the table and doing nothing with them.
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import type { Filter } from '#core/filter/filter.ts';
import { createRoutingCache } from '#core/routing/routing-cache.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { longestPiece, packRoutes } from '#core/routing/snapshot.ts';
import { writeRoutes } from '#test/support/bulk-endpoints.ts';
import { anApplication, anEndpoint, anEvent } from '#test/support/config-fixtures.ts';
import { startDatabase } from '#test/support/dynamodb.ts';

const size = Number(process.argv[2] ?? 100_000);
const cacheBytes = (512 * 1024 * 1024) / 4;
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const broken: string[] = [];

function check(what: string, value: number, most: number, unit: string): void {
  const kept = value <= most;
  if (!kept) broken.push(what);
  print(`  ${what}: ${value.toFixed(2)} ${unit}, at most ${most} ${unit}: ${kept ? 'kept' : 'BROKEN'}`);
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const started = performance.now();
  const result = await work();
  return { result, ms: performance.now() - started };
}

function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc, as `npm run bench` does');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

const filter = (n: number): Filter => ({
  logic: 'AND',
  conditions: [
    { field: 'payload.customer', operator: 'eq', value: `customer-${n}` },
    { field: 'payload.order.amount', operator: 'gt', value: 100 },
  ],
});
const listFilter = (n: number): Filter => ({
  conditions: [
    {
      ...{ field: 'payload.customer', operator: 'in' },
      value: Array.from({ length: 10 }, (_, v) => `customer-${n}-${v}`),
    },
  ],
});
const shapes: Record<string, (n: number) => Partial<Endpoint>> = {
  'one exact type': () => ({ events: ['order.created'] }),
  'five types of its own': (n) => ({ events: ['a', 'b', 'c', 'd', 'e'].map((name) => `t${n}.${name}`) }),
  'a filter per customer': (n) => ({ events: ['order.*'], filters: filter(n) }),
  'a list of ten customers': (n) => ({ events: ['order.*'], filters: listFilter(n) }),
};

const database = await startDatabase();
const tableName = await database.configTable();
const table = { client: database.client, tableName, now: Date.now, random: Math.random };
const applications = createApplicationStore(table);
const routing = createRoutingStore(table);

async function measureOne(name: string, shape: (n: number) => Partial<Endpoint>): Promise<void> {
  const applicationId = name.replaceAll(' ', '-');
  print(`${size} endpoints in one application, ${name}`);
  await applications.create(anApplication({ id: applicationId }));
  await writeRoutes(database.client, tableName, size, (n) => ({ applicationId, ...shape(n) }));
  // One change through the store, so that the snapshot that stands is older than the routes.
  const endpoints = createEndpointStore(table);
  await endpoints.create(anEndpoint({ id: `first-${applicationId}`, applicationId }));

  const floor = await timed(async () => {
    let start: Record<string, never> | undefined;
    do {
      const { LastEvaluatedKey } = await database.client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': { S: `APP#${applicationId}` }, ':sk': { S: 'ENDPOINT#' } },
          ExclusiveStartKey: start,
        }),
      );
      start = LastEvaluatedKey as typeof start;
    } while (start !== undefined);
  });
  const packed = await timed(() => routing.pack(applicationId));
  if (packed.result !== 'packed') throw new Error(`expected a new snapshot, it was ${packed.result}`);
  print(
    `  rebuilt from the items and packed in ${packed.ms.toFixed(0)} ms; reading the items takes ${floor.ms.toFixed(0)} ms`,
  );
  check('rebuilding and packing, beside reading the items', packed.ms / floor.ms, 6, 'times');

  const before = heapUsed();
  const loaded = await timed(() => routing.load(applicationId));
  const index = loaded.result.index;
  // A filter is compiled when it is first tried: all of them, as a busy function would have in the end.
  const tried = index.routes.routes.some(({ filters }) => filters !== undefined) ? size : 0;
  for (let n = 0; n < tried; n += 1) {
    index.match(anEvent('order.created', { customer: `customer-${n}`, order: { amount: 1 } }));
  }
  const heap = heapUsed() - before;
  const pieces = packRoutes(1, {}, index.routes.routes);
  print(
    `  loaded from ${pieces.length} pieces in ${loaded.ms.toFixed(0)} ms; estimated at ${(index.bytes / 1e6).toFixed(0)} MB, ` +
      `measured ${(heap / 1e6).toFixed(0)} MB; the cache of 512 MB has ${(cacheBytes / 1e6).toFixed(0)} MB`,
  );
  check(
    'the largest piece',
    Math.max(...pieces.map(({ length }) => length)) / 1024,
    longestPiece / 1024,
    'KB',
  );
  check('measured memory, beside the estimate', heap / index.bytes, 1.1, 'times');
  check('a load, in ingest’s 20 s', loaded.ms / 1_000, 20, 's');

  await endpoints.create(anEndpoint({ id: `second-${applicationId}`, applicationId }));
  const cache = createRoutingCache({
    source: { ...routing, load: async () => loaded.result },
    maxBytes: cacheBytes,
  });
  await cache.match(applicationId, anEvent('nobody.asked'));
  await endpoints.create(anEndpoint({ id: `third-${applicationId}`, applicationId }));
  const caught = await timed(() => cache.match(applicationId, anEvent('nobody.asked')));
  check('catching up with a change, beside a load', caught.ms / loaded.ms, 0.1, 'times');
  const kept = index
    .match(anEvent('order.created', { customer: 'none' }))
    .some(({ endpointId }) => endpointId === `third-${applicationId}`);
  if (!kept) throw new Error('the change did not arrive');
}

// A function for each, so that none holds what the one before left.
for (const [name, shape] of Object.entries(shapes)) await measureOne(name, shape);

const many = size / 10;
print(`${many} applications`);
const routesOfOne = Array.from({ length: 20 }, (_, n) => ({
  endpointId: `ep_${n}`,
  patterns: ['order.created'],
}));
const source = {
  version: async () => 1,
  changesAfter: async () => [],
  load: async () => {
    const index = new RoutingIndex({
      version: 1,
      applicationMetadata: {},
      routes: structuredClone(routesOfOne),
    });
    return { version: 1, index };
  },
};
const bound = 20 * 1024 * 1024;
const manyCache = createRoutingCache({ source, maxBytes: bound });
const before = heapUsed();
const through = async (): Promise<void> => {
  for (let n = 0; n < many; n += 1) {
    await manyCache.match(`app-${n}`, anEvent('order.created'));
  }
};
const first = await timed(through);
const heap = heapUsed() - before;
print(
  `  ${((first.ms / many) * 1_000).toFixed(0)} µs for an application that must be loaded, without the table`,
);
check('memory, beside the cache’s bound', heap / bound, 1.2, 'times');

print(`${many / 10} applications whose routes changed, packed by eight at a time`);
const changed = Array.from({ length: many / 10 }, (_, n) => `small-${n}`);
for (const id of changed) await applications.create(anApplication({ id }));
const creator = createEndpointStore(table);
for (const [n, applicationId] of changed.entries()) {
  await creator.create(anEndpoint({ id: `ep_small_${n}`, applicationId }));
}
const listed = await timed(() => createAttentionStore(table).list());
const queue = changed.values();
const packing = await timed(() =>
  Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const id of queue) await routing.pack(id);
    }),
  ),
);
print(
  `  listed ${listed.result.length} entries in ${listed.ms.toFixed(0)} ms, packed in ${packing.ms.toFixed(0)} ms: ` +
    `${((45_000 / packing.ms) * changed.length).toFixed(0)} in the 45 s of a tick`,
);
check('packing them, in the 45 s of a tick', packing.ms / 1_000, 45, 's');
await database.stop();

if (broken.length > 0) {
  print(`BROKEN: ${broken.join('; ')}`);
  process.exitCode = 1;
}
