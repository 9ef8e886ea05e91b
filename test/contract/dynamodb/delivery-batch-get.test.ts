import { type BatchGetItemCommandOutput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let tableName: string;
const eventId = idsAt(noon).event();
const stored: Delivery[] = Array.from({ length: 12 }, () =>
  movedTo({ ...deliveryOf(), eventId }, { status: 'queued', dueAt: noon }),
);
const endpointIds = stored.map(({ endpointId }) => endpointId);

/** A store whose table processes at most so many keys of each batch, as a throttled one does. */
function throttledStore(atMost: number) {
  const client = new DynamoDBClient({
    endpoint: database.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const calls = { count: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as { RequestItems?: Record<string, { Keys: unknown[] }> };
      const wanted = input.RequestItems?.[tableName];
      if (!wanted) return next(args);
      calls.count += 1;
      const left = wanted.Keys.slice(atMost);
      const taken = { [tableName]: { ...wanted, Keys: wanted.Keys.slice(0, Math.max(1, atMost)) } };
      const result = await next({ ...args, input: { ...args.input, RequestItems: taken } });
      const output = result.output as BatchGetItemCommandOutput;
      if (atMost === 0) output.Responses = {};
      if (left.length > 0)
        output.UnprocessedKeys = { [tableName]: { Keys: left as Record<string, never>[] } };
      return result;
    },
    { step: 'initialize' },
  );
  const store = createDeliveryStore({
    client,
    tableName,
    now: () => noon,
    random: () => 0,
    retentionDays: 30,
  });
  return { store, calls, close: () => client.destroy() };
}

beforeAll(async () => {
  tableName = await database.eventTable();
  const store = createDeliveryStore({
    client: database.client,
    tableName,
    now: () => noon,
    retentionDays: 30,
  });
  await Promise.all(stored.map((delivery) => store.store(delivery)));
});

describe('reading many deliveries from a throttled table', () => {
  it('asks again for what was not processed', async () => {
    const { store, calls, close } = throttledStore(5);
    const found = await store.getMany(eventId, endpointIds);
    expect(found.map(({ endpointId }) => endpointId).toSorted()).toEqual(endpointIds.toSorted());
    expect(calls.count).toBe(3);
    close();
  });

  it('gives up after a bounded number of tries, and says so instead of leaving some out', async () => {
    const { store, calls, close } = throttledStore(0);
    await expect(store.getMany(eventId, endpointIds)).rejects.toThrow(/12 of 12 items/);
    expect(calls.count).toBeLessThan(10);
    close();
  });
});
