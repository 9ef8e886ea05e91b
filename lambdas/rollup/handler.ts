import { setTimeout as sleep } from 'node:timers/promises';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { dynamoDb } from '#adapters/aws/clients.ts';
import { createStatsStore } from '#adapters/dynamodb/statistics/statistics-store.ts';
import { parseStreamRecord } from '#adapters/dynamodb/statistics/stream-record.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { createLogger, createMetrics, errorFields } from '#adapters/telemetry/telemetry.ts';
import { type RollupPorts, rollUp } from './batch.ts';
import { rollupVariables } from './env.ts';

const env = readEnvironment(rollupVariables, process.env);
const now = Date.now;
const store = createStatsStore({
  client: dynamoDb(),
  tableName: env.eventTable,
  now,
  random: Math.random,
  retentionDays: Number(env.retentionDays),
});
const logger = createLogger('rollup');
const metrics = createMetrics('rollup', env.deployment);

// What is left of an invocation then is enough for the writes at hand, however often others come between.
const reserve = 10_000;

const ports = (context: Context): RollupPorts => ({
  hasTime: () => context.getRemainingTimeInMillis() > reserve,
  getMany: store.getMany,
  store: store.store,
  now,
  pause: (duration) => sleep(duration),
  random: Math.random,
  onUnreadable: ({ sequenceNumber }, error) => {
    logger.error('a change was not counted: it cannot be read', { sequenceNumber, ...errorFields(error) });
    metrics.addMetric('ChangesUnreadable', MetricUnit.Count, 1);
  },
  onFailed: (key, error) => {
    logger.error('a roll-up was not written; its changes come again', { key, ...errorFields(error) });
    metrics.addMetric('RollupErrors', MetricUnit.Count, 1);
  },
});

export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>()
  .use(publishMetrics(metrics))
  .handler(async (event: DynamoDBStreamEvent, context: Context) => {
    const from = await rollUp(event.Records.map(parseStreamRecord), ports(context));
    return { batchItemFailures: from === undefined ? [] : [{ itemIdentifier: from }] };
  });
