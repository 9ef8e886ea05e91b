import { beforeEach, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createProgressStore } from '#adapters/dynamodb/event/progress-store.ts';
import { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import type { EventTable } from '#adapters/dynamodb/table/event-table.ts';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { newTask } from '#core/task/task.ts';
import { failingCircuit } from '#test/support/circuits.ts';
import { anApplication, anEndpoint } from '#test/support/config-fixtures.ts';
import { attemptOf, deliveryOf, eventOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

// The SDK repeats a write whose answer it did not get. Then the first one makes the second one's condition fail.

const database = useDatabase();
const writes = ['PutItemCommand', 'UpdateItemCommand'];
let table: EventTable;
let answers: number;

beforeEach(async () => {
  const { client } = database;
  table = { client, tableName: await database.eventTable(), now: () => noon, retentionDays: 30 };
  answers = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        answers += 1;
        if (answers > 1 || !writes.includes(commandName ?? '')) return answer;
        throw Object.assign(new Error('the connection was reset'), { code: 'ECONNRESET', $retryable: {} });
      },
    // The innermost step runs for each try of the SDK.
    { step: 'deserialize', priority: 'low', name: 'lose the first answer', override: true },
  );
});

const eventId = idsAt(noon).event();
const dead = movedTo(deliveryOf({ attempts: [attemptOf()] }), {
  status: 'dead',
  settledAt: noon,
  reason: 'gone',
});

/** Two writers that decided the same at the same time. */
it('one of two equal writes is stored, and the other one learns what stands', async () => {
  answers = 1;
  const store = () => createDeliveryStore(table).store({ ...dead, revision: 1 });
  const outcomes = await Promise.all([store(), store()]);
  expect(outcomes).toContain('stored');
  expect(outcomes).toContainEqual({ standing: { ...dead, revision: 1 } });
});

it('a circuit is stored although the first answer was lost, and an equal one is not', async () => {
  const config = { ...table, random: Math.random, tableName: await database.configTable() };
  answers = 1;
  await createApplicationStore(config).create(anApplication());
  await createEndpointStore(config).create(anEndpoint({ id: 'ep_1' }));
  answers = 0;
  const circuits = createCircuitStore(config);
  expect(await circuits.store('ep_1', failingCircuit())).toBe('stored');
  expect(answers).toBe(2);
  expect(await circuits.store('ep_1', failingCircuit())).toEqual({ standing: failingCircuit() });
});

it.each([
  ['a delivery', () => createDeliveryStore(table).store({ ...dead, revision: 1 }), 'stored'],
  [
    'the first step of a task',
    () => createTaskStore(table).store(newTask(idsAt(noon).task(), 'default', { kind: 'redrive' }, noon)),
    true,
  ],
  [
    'the progress of a fan-out',
    () =>
      createProgressStore(table).store(eventOf({ id: eventId }), 0, {
        ...{ done: 0, begun: 100, until: noon, revision: 1 },
      }),
    true,
  ],
  [
    'an idempotency key',
    () =>
      createIdempotencyStore(table).store(
        { applicationId: 'default', keyHash: 'a'.repeat(43) },
        {
          ...{ kind: 'pending', revision: 1, requestHash: 'b'.repeat(43), claimId: 'mine' },
          ...{ leaseUntil: noon + 40_000, eventIds: [eventId] },
        },
      ),
    'stored',
  ],
])('%s is stored although the first answer was lost', async (_, store, expected) => {
  expect(await store()).toBe(expected);
  expect(answers).toBe(2);
});
