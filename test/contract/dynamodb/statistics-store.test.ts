import { beforeEach, describe, expect, it } from 'vitest';
import { encodeDelivery } from '#adapters/dynamodb/delivery/delivery-item.ts';
import { encodeEvent } from '#adapters/dynamodb/event/event-item.ts';
import { decodeRollup } from '#adapters/dynamodb/statistics/statistics-item.ts';
import { createStatisticsStore } from '#adapters/dynamodb/statistics/statistics-store.ts';
import { parseStreamRecord } from '#adapters/dynamodb/statistics/stream-record.ts';
import type { Item } from '#adapters/dynamodb/table/table.ts';
import type { Subject } from '#core/statistics/contribution.ts';
import { eventLabel, noCounters } from '#core/statistics/counters.ts';
import { hourMs } from '#core/statistics/hour.ts';
import { newRollup, type Rollup } from '#core/statistics/rollup.ts';
import { attemptOf, deliveryOf, eventOf, movedTo, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let now: number;
let tableName: string;
let store: ReturnType<typeof createStatisticsStore>;

beforeEach(async () => {
  now = noon;
  tableName = await database.eventTable();
  store = createStatisticsStore({ client: database.client, tableName, now: () => now, retentionDays: 30 });
});

const day = 24 * hourMs;
const endpoint: Subject = { kind: 'endpoint', endpointId: 'ep_1' };
const application: Subject = { kind: 'application', applicationId: 'acme' };

const rollup: Rollup = {
  counters: {
    ...noCounters,
    attempts: 7,
    successes: 5,
    duration: 900,
    durations: [7, 0, 0, 0, 0, 0, 0, 0],
    retries: { 2: 1 },
    settled: { succeeded: 5, exhausted: 1 },
    lastSuccessAt: noon,
    lastFailureAt: noon - 1,
    events: 3,
    eventLabels: { [eventLabel('order.created', 'shop "1"')]: 3 },
    failing: { ep_1: 2 },
  },
  counted: [['aaaaaa', 'bb/+bb'], ['cccccc']],
  updatedAt: noon,
  revision: 1,
};
const empty: Rollup = { ...newRollup, updatedAt: noon, revision: 1 };

describe('stored roll-ups', () => {
  it('come back as they were, in the order of the keys', async () => {
    const hour = { subject: endpoint, span: noon } as const;
    const total = { subject: endpoint, span: 'total' } as const;
    await store.store(hour, rollup);
    await store.store(total, empty);

    expect(await store.getMany([total, { subject: application, span: noon }, hour])).toEqual([
      empty,
      newRollup,
      rollup,
    ]);
  });

  it('are written over the revision before, and over no other', async () => {
    const key = { subject: endpoint, span: 'total' } as const;

    expect(await store.store(key, empty)).toBe(true);
    expect(await store.store(key, empty)).toBe(false);
    expect(await store.store(key, { ...empty, revision: 3 })).toBe(false);
    expect(await store.store(key, { ...rollup, revision: 2 })).toBe(true);
    expect(await store.getMany([key])).toEqual([{ ...rollup, revision: 2 }]);
  });

  it('are found by hour, earliest first, from since until before until', async () => {
    for (const ago of [0, 3, 1, 2, 30]) {
      await store.store({ subject: endpoint, span: noon - ago * hourMs }, rollup);
    }
    await store.store({ subject: endpoint, span: 'total' }, rollup);
    await store.store({ subject: application, span: noon }, rollup);

    const starts = (await store.hours(endpoint, noon - 3 * hourMs, noon)).map(
      ({ start }) => (noon - start) / hourMs,
    );
    expect(starts).toEqual([3, 2, 1]);
  });

  it('are read to the end, beyond what one answer holds', async () => {
    // 50 hours of 24 KB are more than the megabyte of a query.
    const wide = {
      ...empty,
      counted: [Array.from({ length: 4_000 }, (_, index) => String(index).padStart(6, '0'))],
    };
    for (let ago = 0; ago < 50; ago += 1)
      await store.store({ subject: endpoint, span: noon - ago * hourMs }, wide);

    expect(await store.hours(endpoint, noon - 49 * hourMs, noon + hourMs)).toHaveLength(50);
  });

  it('of hours end with the retention, totals 400 days after their last write', async () => {
    await store.store({ subject: endpoint, span: noon }, empty);
    await store.store({ subject: endpoint, span: 'total' }, empty);
    now = noon + 31 * day;
    expect(await store.hours(endpoint, noon, noon + hourMs)).toEqual([]);
    expect(await store.totals([endpoint])).toMatchObject([{ updatedAt: noon }]);

    now = noon + 401 * day;
    const [begunAgain] = await store.getMany([{ subject: endpoint, span: 'total' }]);
    // An item that expired and still stands is counted on from nothing.
    expect(begunAgain).toEqual({ ...newRollup, revision: 1 });
    expect(await store.store({ subject: endpoint, span: 'total' }, { ...rollup, revision: 2 })).toBe(true);
  });

  it('are undefined in totals where nothing was counted', async () => {
    await store.store({ subject: application, span: 'total' }, rollup);

    expect(await store.totals([endpoint, application])).toEqual([
      undefined,
      { counters: rollup.counters, updatedAt: noon },
    ]);
  });

  it('of another version are refused', () => {
    expect(() => decodeRollup({ pk: { S: 'STATS#APP#acme' }, sk: { S: 'TOTAL' }, v: { N: '2' } })).toThrow();
  });
});

/** An image as Lambda hands it over: binary values as base64. */
const image = (item: Item) =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  );
const recordOf = (after: Item, before?: Item) => {
  const { pk, sk } = after as unknown as { pk: { S: string }; sk: { S: string } };
  const images = { NewImage: image(after), ...(before && { OldImage: image(before) }) };
  return { eventName: 'MODIFY', dynamodb: { SequenceNumber: '100', Keys: { pk, sk }, ...images } };
};

describe('records of the stream', () => {
  const first = deliveryOf({ attempts: [attemptOf({ success: false })], revision: 1, attemptCount: 1 });
  const second = movedTo(
    first,
    { status: 'succeeded', settledAt: noon },
    { attempts: [...first.attempts, attemptOf({ number: 2 })] },
  );
  const encoded = [first, second].map((delivery) => encodeDelivery(delivery, 30));

  it('hold a delivery as it was and as it is', () => {
    const [before = {}, after = {}] = encoded;

    expect(parseStreamRecord(recordOf(after, before)).decode()).toEqual({
      kind: 'delivery',
      before: first,
      after: second,
    });
    expect(parseStreamRecord(recordOf(before)).decode()).toMatchObject({ before: undefined, after: first });
  });

  it('of a first revision over an expired item hold nothing that was before', () => {
    const [first = {}, expired = {}] = encoded;

    expect(parseStreamRecord(recordOf(first, expired)).decode()).toMatchObject({ before: undefined });
  });

  it('hold an event without its payload', () => {
    const event = eventOf({ applicationId: 'acme#1', source: 'shop' });
    const { id, applicationId, timestamp } = event;

    expect(parseStreamRecord(recordOf(encodeEvent(event, 30))).decode()).toEqual({
      kind: 'event',
      event: { applicationId, type: 'order.created', source: 'shop', timestamp },
    });
    expect(id).toMatch(/^evt_/);
  });

  it('have a fingerprint that is the same when they come again and another for each change', () => {
    const [before = {}, after = {}] = encoded;
    const other = encodeDelivery(deliveryOf({ revision: 1 }), 30);
    const prints = [before, after, other, before].map(
      (item) => parseStreamRecord(recordOf(item)).fingerprint,
    );

    expect(new Set(prints).size).toBe(3);
    expect(prints[3]).toBe(prints[0]);
  });

  it('are refused when their image is no item of this release', () => {
    const [after = {}] = encoded;
    const newer = parseStreamRecord(recordOf({ ...after, v: { N: '9' } }));
    expect(newer.decode).toThrow();
  });
});
