import { expect, it } from 'vitest';
import { createProgressStore } from '#adapters/dynamodb/event/progress-store.ts';
import { createSweepStore } from '#adapters/dynamodb/event/sweep-store.ts';
import { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import type { EventTable } from '#adapters/dynamodb/table/event-table.ts';
import { createTaskStart } from '#adapters/dynamodb/task/task-start.ts';
import { createTokenBudgetStore } from '#adapters/dynamodb/token/token-budget-store.ts';
import type { DeliveryState } from '#core/delivery/delivery.ts';
import { pack } from '#core/event/compression.ts';
import type { Ids } from '#core/id/ids.ts';
import { newRollup } from '#core/statistics/rollup.ts';
import { newTask, type TaskWork } from '#core/task/task.ts';
import { api, apiForAllTests, database } from '#test/support/api-fixture.ts';
import type { TestApi } from '#test/support/api-function.ts';
import { attemptOf, deliveryOf, eventOf } from '#test/support/deliveries.ts';
import { itemShapes } from '#test/support/item-shapes.ts';

// Keys and attributes of all items in the EventTable, as the stores write them. Deployments have data in this form, so
// that a rename would lose it. How to change a name on purpose: before the first release change the list below and say so
// in CHANGELOG.md; later also read what was stored under the old name.
const frozen = `
APP#<application>#<number> <event>
  at da e g n p s t ttl v x z
ENDPOINT#<endpoint>#<number> <event>
  a attentionAt attentionKey c d f g h i k l m n p put q r s status ttl u v w x
EVENT#<event>#<number> PROGRESS#<number>
  begun done put revision ttl until v
EVENT#<event>#<number> SEGMENTS
  e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 ttl v z0 z1 z2 z3 z4 z5 z6 z7 z8 z9
IDEMPOTENCY#<application>#<hash> KEY
  b c e h l put r ttl v z
RATE#<token> RATE
  ttl u v
RECONCILE PASS
  after applicationsDone areHeldWatched finishedAt put queued revision since startedAt until v
STATS#APP#<application> HOUR#<hour>
  c k put revision ttl u v
STATS#APP#<application> TOTAL
  c k put revision ttl u v
STATS#ENDPOINT#<endpoint> HOUR#<hour>
  c k put revision ttl u v
STATS#ENDPOINT#<endpoint> TOTAL
  c k put revision ttl u v
TASK#<task> TASK
  applicationId attentionAt attentionKey createdAt cursor(after part) dryRun hops id revision
  skipped started status step total ttl updatedAt v work(deliveryIds endpointId endpointIds
  eventId kind since until)
TASKS#<application> OPEN
  ids revision ttl v
`;

const time = Date.now();
const compressible = JSON.stringify(Array(500).fill('text'));
const slot = { perSecond: 5, lost: 0, since: time };
const states: readonly DeliveryState[] = [
  { status: 'queued', dueAt: time, slot, isProbe: true },
  { status: 'attempting', claimId: 'claim', until: time },
  { status: 'held', heldFor: 'backoff', since: time, dueAt: time },
  { status: 'dead', settledAt: time, reason: 'exhausted' },
];

apiForAllTests();

async function writeAll({ event: table, stores, ids }: TestApi): Promise<void> {
  const endpoints = [{ endpointId: ids.endpoint(), priority: 'normal' as const }];
  const event = eventOf({
    ...{ timestamp: time, deliverAt: time + 1, source: 'shop', tags: ['tag'], endpointCount: 1, endpoints },
    payload: pack(Buffer.from(compressible)),
  });
  await stores.events.create(event);
  await stores.events.createSegments(event, Array(10_001).fill(endpoints[0]));
  const erased = eventOf({ timestamp: time, deliverAt: time, endpointCount: 1, endpoints });
  await stores.events.create(erased);
  await stores.events.erase('default', erased.id);
  for (const state of states)
    await stores.deliveries.store(
      deliveryOf({ revision: 1, attempts: [attemptOf()], quarantines: 1, state }),
    );
  await writeTasks(table, ids);
  await writeKeys(table, event.id);
  for (const kind of ['endpoint', 'application'] as const) {
    const subject = { kind, endpointId: ids.endpoint(), applicationId: 'acme' };
    for (const span of [time, 'total'] as const)
      await stores.statistics.store({ subject, span }, { ...newRollup, updatedAt: time, revision: 1 });
  }
  await createProgressStore(table).store(event, 0, { done: 0, begun: 1, until: time, revision: 1 });
  await createSweepStore(table).store({
    ...{
      since: time,
      until: time,
      startedAt: time,
      finishedAt: time,
      areHeldWatched: true,
      applicationsDone: 'acme',
      after: 'evt_1',
    },
    ...{ queued: 0, revision: 1 },
  });
  const now = time * 1_000;
  await createTokenBudgetStore(table).take(ids.token(), { now, cost: 1, mayOweUntil: now });
}

async function writeTasks(table: EventTable, ids: Ids): Promise<void> {
  const endpointId = ids.endpoint();
  const works: readonly TaskWork[] = [
    { kind: 'redrive', endpointId, deliveryIds: ['dlv_1'] },
    { kind: 'replay', eventId: ids.event(), endpointIds: [endpointId] },
    { kind: 'recover', endpointId, since: time, until: time },
    { kind: 'delete-event', eventId: ids.event() },
  ];
  const start = createTaskStart(table);
  for (const work of works) {
    const task = newTask(ids.task(), 'acme', work, time, { dryRun: true, total: 1, hops: 1 });
    await start({ ...task, cursor: { part: 0, after: 'evt_1' } }, works.length);
  }
}

async function writeKeys(table: EventTable, eventId: string): Promise<void> {
  const keys = createIdempotencyStore(table);
  const common = { revision: 1, requestHash: 'hash' };
  const pending = { ...common, claimId: 'claim', leaseUntil: time, eventIds: [eventId] };
  const keyHash = (letter: string) => ({ applicationId: 'acme', keyHash: letter.repeat(64) });
  await keys.store(keyHash('a'), { kind: 'pending', ...pending });
  await keys.store(keyHash('b'), { kind: 'answered', ...common, answer: compressible });
}

it('the EventTable keeps its keys and attributes', async () => {
  await writeAll(api);
  expect(await itemShapes(database.client, api.event.tableName)).toBe(frozen.trim());
});
