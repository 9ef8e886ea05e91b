import middy from '@middy/core';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { parseStreamRecord } from '#adapters/dynamodb/statistics/stream-record.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { hasTimeIn } from '#adapters/lambda/has-time.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import { rollUp } from './batch.ts';
import { rollupVariables } from './env.ts';
import { buildServices } from './services.ts';

const env = readEnvironment(rollupVariables, process.env);
const telemetry = createTelemetry('rollup', env.deployment);
const services = buildServices(env, telemetry);
// Enough for the writes at hand, however often they conflict with other writers.
const reserve = 10_000;

export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>()
  .use(publishMetrics(telemetry.metrics))
  .handler(async (event: DynamoDBStreamEvent, context: Context) => {
    const records = event.Records.map(parseStreamRecord);
    const from = await rollUp(records, { ...services, hasTime: hasTimeIn(context, reserve) });
    return { batchItemFailures: from === undefined ? [] : [{ itemIdentifier: from }] };
  });
