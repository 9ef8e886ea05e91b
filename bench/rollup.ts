import { marshall } from '@aws-sdk/util-dynamodb';
import { encodeDelivery } from '#adapters/dynamodb/delivery/delivery-item.ts';
import { encodeEvent } from '#adapters/dynamodb/event/event-item.ts';
import { encodeRollup } from '#adapters/dynamodb/statistics/statistics-item.ts';
import { parseStreamRecord, type StreamRecord } from '#adapters/dynamodb/statistics/stream-record.ts';
import { statsKey } from '#adapters/dynamodb/table/event-keys.ts';
import type { Item } from '#adapters/dynamodb/table/table.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import { shardOf } from '#core/delivery/watchdog.ts';
import { pack } from '#core/event/compression.ts';
import { createIds } from '#core/id/ids.ts';
import { newRollup, type Rollup } from '#core/statistics/rollup.ts';
import { rollUp } from '#lambdas/rollup/batch.ts';

// What statistics cost on top of a million deliveries: the rollup function's own code over simulated minutes, with
// the billed sizes of the items that it would write. One event to one endpoint, succeeded at the first try.

/** Dollars in us-east-1, and what of it is assumed instead of computed. */
const price = { writes: 0.625e-6, reads: 0.125e-6, invocation: 0.2e-6, gigabyteSecond: 0.0000133334 };
// A new table on demand has four partitions, and each is a shard of the stream.
const shards = 4;
const assumed = { gigabytes: 0.5, callMs: 10 };
// 6 MB of records of some 1.5 KB, images and all.
const batchSize = 4_000;
const minutes = 20;

const start = Date.UTC(2026, 0, 1, 12);
let made = 0;
const randomBytes = (count: number): Uint8Array => {
  made += 1;
  const bytes = Buffer.alloc(count);
  bytes.writeUInt32BE(Math.imul(made, 2_654_435_761) >>> 0, count - 4);
  return bytes;
};

/** The size that DynamoDB bills (developer guide, "DynamoDB item sizes and formats"), numbers at their upper bound. */
function billedSize(item: Item): number {
  return Object.entries(item).reduce((size, [name, { S, N, L }]) => {
    const list = L?.reduce((sum, element) => sum + Buffer.byteLength(element.S ?? '') + 1, 3);
    const number = N === undefined ? undefined : Math.ceil(N.length / 2) + 2;
    return size + name.length + (S === undefined ? (number ?? list ?? 0) : Buffer.byteLength(S));
  }, 0);
}

function streamRecord(item: Item): unknown {
  const image = Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  );
  return { dynamodb: { SequenceNumber: '1', Keys: { pk: item.pk, sk: item.sk }, NewImage: image } };
}

/** The changes of one minute, by shard. */
function minuteOf(at: number, deliveries: number, endpointIds: readonly string[]): StreamRecord[][] {
  const byShard: StreamRecord[][] = Array.from({ length: shards }, () => []);
  const put = (item: Item) =>
    byShard[shardOf(`spread ${item.pk?.S}`, shards)]?.push(parseStreamRecord(streamRecord(item)));
  for (let index = 0; index < deliveries; index += 1) {
    const timestamp = at + Math.floor((index * 60_000) / deliveries);
    const { event } = createIds({ now: () => timestamp, randomBytes });
    const eventId = event();
    const endpointId = endpointIds[(Math.imul(made, 2_654_435_761) >>> 8) % endpointIds.length] ?? '';
    const of = { applicationId: 'default', endpointId, eventId, priority: 'normal' } as const;
    put(
      encodeEvent(
        {
          ...{ id: eventId, applicationId: 'default', type: 'order.created', source: 'shop', tags: [] },
          ...{
            timestamp,
            deliverAt: timestamp,
            payload: pack(Buffer.from('{}')),
            endpointCount: 1,
            endpoints: [],
          },
        },
        30,
      ),
    );
    const attempt = {
      ...{ number: 1, generation: 1, startedAt: timestamp, duration: 100, success: true, statusCode: 200 },
      retryable: false,
    };
    const state = { status: 'succeeded', settledAt: timestamp } as const;
    put(encodeDelivery({ ...newDelivery(of, timestamp), attempts: [attempt], revision: 1, state }, 30));
  }
  return byShard;
}

async function measure(perMinute: number, endpointCount: number) {
  const { endpoint } = createIds({ now: () => start, randomBytes });
  const endpointIds = Array.from({ length: endpointCount }, endpoint);
  const rollups = new Map<string, Rollup>();
  const used = { writes: 0, reads: 0, invocations: 0, milliseconds: 0 };
  const nameOf = (key: Parameters<typeof statsKey>[0]) => JSON.stringify(statsKey(key));
  const sizeOf = (key: Parameters<typeof statsKey>[0], rollup: Rollup) =>
    billedSize(marshall(encodeRollup(key, rollup, 30), { removeUndefinedValues: true }));
  const ports: Parameters<typeof rollUp>[1] = {
    getMany: async (keys) => {
      return keys.map((key) => {
        const rollup = rollups.get(nameOf(key)) ?? newRollup;
        used.reads += Math.max(1, Math.ceil((rollup.revision === 0 ? 0 : sizeOf(key, rollup)) / 4_096));
        return rollup;
      });
    },
    store: async (key, next) => {
      used.writes += Math.ceil(sizeOf(key, next) / 1_024);
      rollups.set(nameOf(key), next);
      return true;
    },
    hasTime: () => true,
    now: () => start,
    pause: async () => undefined,
    random: () => 0,
    onUnreadable: (_, error) => {
      throw error;
    },
    onFailed: (_, error) => {
      throw error;
    },
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    for (const records of minuteOf(start + minute * 60_000, perMinute, endpointIds)) {
      for (let from = 0; from < records.length; from += batchSize) {
        const begun = performance.now();
        const batch = records.slice(from, from + batchSize);
        await rollUp(batch, ports);
        used.invocations += 1;
        used.milliseconds += performance.now() - begun + assumed.callMs * (1 + Math.ceil(batch.length / 25));
      }
    }
  }
  const perMillion = 1e6 / (perMinute * minutes);
  const units = {
    writes: used.writes * perMillion,
    reads: used.reads * perMillion,
    invocations: used.invocations * perMillion,
    gigabyteSeconds: (used.milliseconds / 1_000) * assumed.gigabytes * perMillion,
  };
  const dollars =
    units.writes * price.writes +
    units.reads * price.reads +
    units.invocations * price.invocation +
    units.gigabyteSeconds * price.gigabyteSecond;
  return { ...units, dollars };
}

const say = (line: string) => process.stdout.write(`${line}\n`);

const shapes = [
  [23, 1],
  [23, 10],
  [23, 1_000],
  [700, 10],
  [700, 100],
  [700, 1_000],
  [6_000, 100],
] as const;

say('Statistics per million deliveries: writes and reads in units, Lambda at an assumed 10 ms a call.\n');
say('| deliveries a minute | endpoints | writes | reads | invocations | $ |');
say('| ---: | ---: | ---: | ---: | ---: | ---: |');
for (const [perMinute, endpoints] of shapes) {
  const { writes, reads, invocations, dollars } = await measure(perMinute, endpoints);
  const counts = [perMinute, endpoints, writes, reads, invocations].map((n) =>
    Math.round(n).toLocaleString('en'),
  );
  say(`| ${counts.join(' | ')} | ${dollars.toFixed(2)} |`);
}
