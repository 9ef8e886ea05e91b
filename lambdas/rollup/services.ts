import { setTimeout as sleep } from 'node:timers/promises';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { dynamoDb } from '#adapters/aws/clients.ts';
import { createStatisticsStore } from '#adapters/dynamodb/statistics/statistics-store.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { errorFields, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import type { RollupPorts } from './batch.ts';
import type { rollupVariables } from './env.ts';

export function buildServices(
  env: Environment<typeof rollupVariables>,
  { logger, metrics }: Telemetry,
): Omit<RollupPorts, 'hasTime'> {
  const now = Date.now;
  const { getMany, store } = createStatisticsStore({
    client: dynamoDb(),
    tableName: env.eventTable,
    now,
    random: Math.random,
    retentionDays: Number(env.retentionDays),
  });
  return {
    getMany,
    store,
    now,
    pause: (duration) => sleep(duration),
    random: Math.random,
    onUnreadable: ({ sequenceNumber }, error) => {
      logger.error('unreadable change not counted', { sequenceNumber, ...errorFields(error) });
      metrics.addMetric('ChangesUnreadable', MetricUnit.Count, 1);
    },
    onFailed: (key, error) => {
      logger.error('roll-up not written; its changes come again', { key, ...errorFields(error) });
      metrics.addMetric('RollupErrors', MetricUnit.Count, 1);
    },
  };
}
