import { randomBytes } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeEvent } from '#adapters/dynamodb/event/event-item.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { eventKey } from '#adapters/dynamodb/table/event-keys.ts';
import { pack, unpack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { eventOf, idsAt, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const day = 24 * 60 * 60;
const retentionDays = 30;
const database = useDatabase();
let tableName: string;
let now = noon;
let events: ReturnType<typeof createEventStore>;

beforeAll(async () => {
  tableName = await database.eventTable();
  events = createEventStore({ client: database.client, tableName, now: () => now, retentionDays });
});

const matched = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    endpointId: idsAt(noon).endpoint(),
    priority: (['high', 'normal', 'low'] as const)[index % 3] ?? 'normal',
  }));

const plain = (event: StoredEvent | undefined) =>
  event && { ...event, payload: Buffer.from(unpack(event.payload)).toString('latin1') };

const costOf = async (event: StoredEvent) => {
  const { ConsumedCapacity } = await database.client.send(
    new PutItemCommand({
      TableName: tableName,
      Item: encodeEvent(event, retentionDays),
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  return ConsumedCapacity?.CapacityUnits;
};

describe('the event store', () => {
  it('keeps the payload byte by byte, compressed or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 3_000, size: 'max' }),
          fc.json().map((text) => Buffer.from(text.repeat(200))),
          fc.constant(Buffer.from('{"2":1.0,"1":12345678901234567890,"1":"\\uffff\uffff"}'.repeat(50))),
        ),
        async (payload) => {
          const event = eventOf({ payload: pack(payload) });
          await events.create(event);
          const read = await events.get('default', event.id);
          expect(Buffer.from(read ? unpack(read.payload) : []).equals(Buffer.from(payload))).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('stores a 1 KB event to one endpoint for two write units', async () => {
    const payload = randomBytes(512).toString('hex');
    const event = eventOf({
      source: 'ecommerce-app',
      payload: pack(Buffer.from(payload)),
      endpointCount: 1,
      endpoints: matched(1),
    });
    expect(await costOf(event)).toBeLessThanOrEqual(2);
  });

  it('compresses what is above 1 KB', async () => {
    const payload = Buffer.from(JSON.stringify({ lines: Array(500).fill({ sku: 'A-1', amount: 1 }) }));
    expect(await costOf(eventOf({ payload: pack(payload) }))).toBe(1);
  });

  it('takes the largest payload, even if it does not compress, with everything else at its largest', async () => {
    const event = eventOf({
      payload: pack(randomBytes(256 * 1024)),
      source: 's'.repeat(1_024),
      tags: Array.from({ length: 20 }, () => '\u{1F600}'.repeat(64)),
      endpointCount: 50,
      endpoints: matched(50),
    });
    await events.create(event);
    expect(plain(await events.get('default', event.id))).toEqual(plain(event));
  });

  it('lives for its delay, 21 days and the retention, and counts as gone from then on', async () => {
    const event = eventOf({ deliverAt: noon + 10 * day * 1_000 });
    await events.create(event);
    const { Item } = await database.client.send(
      new GetItemCommand({ TableName: tableName, Key: keyOf(event) }),
    );
    const expiry = noon / 1_000 + (10 + 21 + retentionDays) * day;
    expect(Item?.ttl).toEqual({ N: String(expiry) });
    now = expiry * 1_000 - 1;
    expect(await events.get('default', event.id)).toBeDefined();
    now = expiry * 1_000;
    expect(await events.get('default', event.id)).toBeUndefined();
    now = noon;
  });

  it('refuses an item of a version that it does not know', async () => {
    const event = eventOf();
    await database.client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: { ...encodeEvent(event, retentionDays), v: { N: '2' } },
      }),
    );
    await expect(events.get('default', event.id)).rejects.toThrow();
  });
});

describe('segments', () => {
  it('of an event for more than ten thousand stand in several items', async () => {
    const endpoints = matched(12_100);
    const event = eventOf({ endpointCount: endpoints.length });
    await events.createSegments(event, endpoints);
    const segments = await Promise.all([9, 10, 12, 13].map((number) => events.segment(event.id, number)));
    expect(segments).toEqual([
      endpoints.slice(9_000, 10_000),
      endpoints.slice(10_000, 11_000),
      endpoints.slice(12_000),
      undefined,
    ]);
  });

  it('fit into an item however little their ids can be compressed', async () => {
    const endpoints = Array.from({ length: 10_000 }, () => ({
      endpointId: `ep_${randomBytes(13).toString('hex')}`,
      priority: 'normal' as const,
    }));
    const event = eventOf({ endpointCount: endpoints.length });
    await events.createSegments(event, endpoints);
    expect(await events.segment(event.id, 9)).toEqual(endpoints.slice(9_000));
  });
});

const keyOf = (event: StoredEvent) => {
  const { pk, sk } = eventKey(event.applicationId, event.id);
  return { pk: { S: pk }, sk: { S: sk } };
};
