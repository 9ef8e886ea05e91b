import { randomBytes } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeDelivery } from '#adapters/dynamodb/delivery/delivery-item.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { deliveryKey } from '#adapters/dynamodb/table/event-keys.ts';
import { type Delivery, keepAttempts } from '#core/delivery/delivery.ts';
import { watchdogEntryOf } from '#core/delivery/watchdog.ts';
import { anyState, attemptOf, deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const retentionDays = 30;
const database = useDatabase();
let tableName: string;
let now = noon;
let deliveries: ReturnType<typeof createDeliveryStore>;

beforeAll(async () => {
  tableName = await database.eventTable();
  deliveries = createDeliveryStore({ client: database.client, tableName, now: () => now, retentionDays });
});

const itemOf = async (delivery: Delivery) => {
  const { pk, sk } = deliveryKey(delivery);
  const Key = { pk: { S: pk }, sk: { S: sk } };
  return (await database.client.send(new GetItemCommand({ TableName: tableName, Key }))).Item;
};

const read = ({ endpointId, eventId }: Delivery) => deliveries.get(endpointId, eventId);

describe('the delivery store', () => {
  it('gives back what was stored, in every state', async () => {
    await fc.assert(
      fc.asyncProperty(anyState, fc.integer({ min: 0, max: 25 }), async (state, attemptCount) => {
        let attempts: Delivery['attempts'] = [];
        for (let number = 1; number <= attemptCount; number += 1) {
          const responseBody = `answer ${number} é`.repeat(10);
          attempts = keepAttempts(
            attempts,
            attemptOf({ number, success: false, retryable: true, responseBody }),
          );
        }
        const delivery = movedTo(deliveryOf(), state, {
          attemptCount,
          attempts,
          generation: 2,
          priority: 'low',
        });
        expect(await deliveries.store(delivery)).toBe('stored');
        expect(await read(delivery)).toEqual(delivery);
      }),
      { numRuns: 40 },
    );
  });

  it('puts a delivery into the watchdog index exactly while it must be watched', async () => {
    await fc.assert(
      fc.asyncProperty(anyState, anyState, async (before, after) => {
        const first = movedTo(deliveryOf(), before);
        const second = movedTo(first, after);
        for (const delivery of [first, second]) {
          await deliveries.store(delivery);
          const item = await itemOf(delivery);
          const attention = watchdogEntryOf(delivery);
          expect(item?.attentionKey).toEqual(attention && { S: attention.key });
          expect(item?.attentionAt).toEqual(attention && { N: String(attention.at) });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('forgets settled deliveries after the retention, and others never', async () => {
    const queued = movedTo(deliveryOf(), { status: 'queued', dueAt: noon });
    await deliveries.store(queued);
    expect(await itemOf(queued)).not.toHaveProperty('ttl');
    const settled = movedTo(queued, { status: 'succeeded', settledAt: noon });
    await deliveries.store(settled);
    const expiry = noon / 1_000 + retentionDays * 24 * 60 * 60;
    expect((await itemOf(settled))?.ttl).toEqual({ N: String(expiry) });

    now = expiry * 1_000;
    expect(await read(settled)).toBeUndefined();
    expect(await deliveries.getMany(settled.eventId, [settled.endpointId])).toEqual([]);
    // A replay finds nothing and begins anew, although the expired item may still be there.
    const anew = { ...queued, revision: 1 };
    expect(await deliveries.store(anew)).toBe('stored');
    expect(await read(anew)).toEqual(anew);
    now = noon;
  });
});

describe('a first-try success', () => {
  const succeeded = (attempt: Parameters<typeof attemptOf>[0]) =>
    movedTo(
      deliveryOf({ applicationId: 'a'.repeat(64) }),
      { status: 'succeeded', settledAt: noon + 103 },
      { attemptCount: 1, attempts: [attemptOf(attempt)] },
    );
  const costOf = async (delivery: Delivery) => {
    const Item = encodeDelivery(delivery, retentionDays);
    const answer = await database.client.send(
      new PutItemCommand({ TableName: tableName, Item, ReturnConsumedCapacity: 'TOTAL' }),
    );
    return answer.ConsumedCapacity?.CapacityUnits;
  };

  it('costs one write unit and keeps an ordinary answer whole', async () => {
    const delivery = succeeded({
      responseHeaders: {
        'content-type': 'application/json; charset=utf-8',
        date: 'Mon, 23 Nov 2026 12:00:00 GMT',
        etag: 'W/"10-oV4hJxRVSENxc/wX8+mA4/Pe4tA"',
        'x-request-id': '4e7b5c1e-7b1c-4b0a-9c55-2b7c2e8b7c11',
      },
      responseBody: JSON.stringify(Array.from({ length: 25 }, (_, id) => ({ id, status: 'accepted' }))),
    });
    expect(await costOf(delivery)).toBe(1);
    expect(await read(delivery)).toEqual(delivery);
  });

  it('costs one write unit whatever the answer; the body is cut before the headers go', async () => {
    const noise = randomBytes(1_024).toString('latin1');
    const delivery = succeeded({ responseBody: noise });
    expect(await costOf(delivery)).toBe(1);
    const kept = (await read(delivery))?.attempts[0];
    expect(kept?.responseHeaders).toEqual({ 'content-type': 'application/json' });
    expect(noise.startsWith(kept?.responseBody ?? '-')).toBe(true);
    expect(kept?.responseBody?.length).toBeGreaterThan(0);

    const large = succeeded({
      responseBody: noise,
      responseHeaders: { 'x-noise': randomBytes(4_000).toString('base64') },
    });
    expect(await costOf(large)).toBe(1);
    expect((await read(large))?.attempts[0]).toMatchObject({ number: 1, success: true, statusCode: 200 });
  });

  it('after failures keeps every answer whole', async () => {
    const body = randomBytes(512).toString('hex');
    const attempts = [
      attemptOf({ success: false, statusCode: 500, responseBody: body, retryable: true }),
      attemptOf({ number: 2, responseBody: body }),
    ];
    const delivery = movedTo(
      deliveryOf(),
      { status: 'succeeded', settledAt: noon },
      { attempts, attemptCount: 2 },
    );
    await deliveries.store(delivery);
    expect(await read(delivery)).toEqual(delivery);
  });
});
