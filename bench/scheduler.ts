// What it takes to release one delivery that waited in the table, in CPU of the scheduler's own thread, beside a loop
// that makes the same calls and nothing else: `npm run bench:scheduler`, some seconds. No TLS, which AWS adds to both.
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createWake } from '#adapters/sqs/queues.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import { dueBy } from '#core/delivery/release.ts';
import { watchdogShards } from '#core/delivery/watchdog.ts';
import { createIds } from '#core/id/ids.ts';
import { releasePages } from '#lambdas/scheduler/pages.ts';
import { startSqsEngine } from '#local/engines/fauxqs.ts';
import { startDatabase } from '#test/support/dynamodb.ts';

const released = 4_000;
const atATime = 100;
const budget = 2;

const database = await startDatabase();
const queues = await startSqsEngine();
try {
  const { client } = database;
  const tableName = await database.eventTable();
  const sqs = new SQSClient({
    ...{ endpoint: queues.origin, region: 'us-east-1' },
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'all' }));
  const now = Date.now();
  const deliveries = createDeliveryStore({ client, tableName, now: () => now, retentionDays: 30 });
  const ports = {
    deliveries,
    wake: createWake(sqs, {
      highQueue: QueueUrl,
      normalQueue: QueueUrl,
      lowQueue: QueueUrl,
      retryQueue: QueueUrl,
    }),
    now: () => now,
    hasTime: () => true,
  };
  const ids = createIds({
    now: () => now,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  });
  const store = async (): Promise<void> => {
    const { endpointId, eventId } = { endpointId: ids.endpoint(), eventId: ids.event() };
    const made = newDelivery({ applicationId: 'bench', endpointId, eventId, priority: 'normal' }, now);
    await deliveries.store({
      ...made,
      revision: made.revision + 1,
      state: { status: 'held', heldFor: 'scheduled', since: now, dueAt: now },
    });
  };
  const releaseAll = async (): Promise<number> => {
    let count = 0;
    for (let shard = 0; shard < watchdogShards; shard += 1)
      count += await releasePages(
        (after) => deliveries.due(shard, now, { after, limit: 5_000 }),
        dueBy(now),
        ports,
      );
    return count;
  };
  const bare = async (count: number): Promise<void> => {
    const Item = marshall({ pk: 'x'.repeat(60), sk: 'y'.repeat(30), data: 'z'.repeat(200) });
    const Key = marshall({ pk: 'x'.repeat(60), sk: 'y'.repeat(30) });
    await inParts(count, async () => {
      await client.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item,
          ConditionExpression: 'attribute_not_exists(absent)',
        }),
      );
    });
    const Entries = Array.from({ length: 10 }, (_, Id) => ({ Id: `${Id}`, MessageBody: 'm'.repeat(300) }));
    await inParts(count / 10, async () => {
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    });
  };

  // The first round compiles; the second is measured.
  let ours = 0;
  let floor = 0;
  for (let round = 0; round < 2; round += 1) {
    await inParts(released, store);
    const [from, count] = [process.threadCpuUsage(), await releaseAll()];
    ours = cpuMs(from);
    if (count !== released) throw new Error(`released ${count} of ${released}`);
    const before = process.threadCpuUsage();
    await bare(released);
    floor = cpuMs(before);
  }
  process.stdout.write(
    `${(ours / released).toFixed(2)} ms of CPU to release a delivery; the same calls alone ${(floor / released).toFixed(2)} ms: ` +
      `${(ours / floor).toFixed(2)} x (budget ${budget} x)\n`,
  );
  if (ours > budget * floor) process.exitCode = 1;
} finally {
  await Promise.all([database.stop(), queues.stop()]);
}

async function inParts(count: number, work: () => Promise<void>): Promise<void> {
  for (let left = count; left > 0; left -= atATime)
    await Promise.all(Array.from({ length: Math.min(atATime, left) }, work));
}

function cpuMs(from: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1_000;
}
