import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { hasTimeIn } from '#adapters/lambda/has-time.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import { schedulerVariables } from './env.ts';
import { buildServices } from './services.ts';
import { tick } from './tick.ts';

const env = readEnvironment(schedulerVariables, process.env);
const telemetry = createTelemetry('scheduler', env.deployment);
const services = buildServices(env, telemetry);
const { logger, metrics } = telemetry;
// Enough to finish the page at hand.
const reserve = 10_000;

export const handler = middy<ScheduledEvent, void>()
  .use(publishMetrics(metrics))
  .handler(async (_event: ScheduledEvent, context: Context) => {
    const { released } = await tick({ ...services, hasTime: hasTimeIn(context, reserve) });
    metrics.addMetric('DeliveriesReleased', MetricUnit.Count, released);
    logger.info('tick', { released });
  });
