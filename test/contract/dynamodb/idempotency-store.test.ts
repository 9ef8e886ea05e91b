import { randomBytes } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeKey } from '#adapters/dynamodb/idempotency/idempotency-item.ts';
import { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import { decideKey } from '#core/idempotency/decide.ts';
import { hashKey, hashRequest } from '#core/idempotency/key.ts';
import { answered, keyLifetime, type PendingKey } from '#core/idempotency/stored-answer.ts';
import { idsAt, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let tableName: string;
let now = noon;
let keys: ReturnType<typeof createIdempotencyStore>;
let used = 0;

beforeAll(async () => {
  tableName = await database.eventTable();
  keys = createIdempotencyStore({ client: database.client, tableName, now: () => now, retentionDays: 30 });
});

const freshKey = (applicationId = 'default') => ({ applicationId, keyHash: hashKey(`key-${used++}`) });

function pending(events: number): PendingKey {
  const decision = decideKey(
    undefined,
    {
      requestHash: hashRequest('/api/events', 'body'),
      claimId: '6b1f1c5e-7f0a-4ad7-8d0a-0f4b7b1c2d3e',
      eventIds: Array.from({ length: events }, () => idsAt(noon).event()),
    },
    noon,
  );
  if (decision.kind !== 'claim') throw new Error('a new key was not claimed');
  return decision.record;
}

const costOf = async (item: ReturnType<typeof encodeKey>) => {
  const { ConsumedCapacity } = await database.client.send(
    new PutItemCommand({ TableName: tableName, Item: item, ReturnConsumedCapacity: 'TOTAL' }),
  );
  return ConsumedCapacity?.CapacityUnits;
};

describe('the idempotency store', () => {
  it('keeps an answer byte by byte, compressed or not', async () => {
    for (const answer of ['{"a":1.0,"b":"é\u{1F600}"}', randomBytes(150_000).toString('base64')]) {
      const key = freshKey();
      const record = pending(1);
      await keys.store(key, record);
      expect(await keys.store(key, answered(record, answer))).toBe('stored');
      expect(await keys.get(key)).toMatchObject({ kind: 'answered', revision: 2, answer });
    }
  });

  it('forgets a key 24 hours after its last change, deleted or not', async () => {
    const key = freshKey();
    const record = pending(1);
    await keys.store(key, record);
    now = noon + 1_000;
    await keys.store(key, answered(record, '{}'));
    const { Item } = await database.client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: { pk: { S: `IDEMPOTENCY#default#${key.keyHash}` }, sk: { S: 'KEY' } },
      }),
    );
    const expiry = noon + 1_000 + keyLifetime;
    expect(Item?.ttl).toEqual({ N: String(expiry / 1_000) });
    now = expiry - 1;
    expect(await keys.get(key)).toBeDefined();
    now = expiry;
    expect(await keys.get(key)).toBeUndefined();
    expect(await keys.store(key, pending(2))).toBe('stored');
    expect(await keys.get(key)).toMatchObject({ kind: 'pending', revision: 1 });
    now = noon;
  });

  it('takes one write unit for one event, and few for a hundred', async () => {
    const key = freshKey('a'.repeat(64));
    expect(await costOf(encodeKey(key, pending(1), noon))).toBe(1);
    const answer = JSON.stringify({ success: true, eventId: idsAt(noon).event(), webhookCount: 10_000 });
    expect(await costOf(encodeKey(key, answered(pending(1), answer), noon))).toBe(1);
    expect(await costOf(encodeKey(freshKey(), pending(100), noon))).toBeLessThanOrEqual(4);
  });

  it('refuses an item of a version that it does not know', async () => {
    const key = freshKey();
    await database.client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: { ...encodeKey(key, pending(1), now), v: { N: '2' } },
      }),
    );
    await expect(keys.get(key)).rejects.toThrow();
  });
});
