import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { hasTimeIn } from '#adapters/lambda/has-time.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { createTelemetry, errorFields } from '#adapters/telemetry/telemetry.ts';
import { reconcileVariables } from './env.ts';
import { reconcile } from './reconcile.ts';
import { requestedSince } from './request.ts';
import { buildServices } from './services.ts';

const env = readEnvironment(reconcileVariables, process.env);
const telemetry = createTelemetry('reconcile', env.deployment);
const services = buildServices(env, telemetry);
const { logger, metrics } = telemetry;
// Enough to finish the page at hand.
const reserve = 60_000;

/**
 * Invoked every hour, works once a day. `{"since": "<ISO 8601>"}` starts a new sweep at once, which is needed after a
 * restore of the event table.
 *
 * @returns what the log line says
 */
export const handler = middy<unknown, Awaited<ReturnType<typeof reconcile>>>()
  .use(publishMetrics(metrics))
  .handler(async (payload: unknown, context: Context) => {
    try {
      const outcome = await reconcile(
        { ...services, hasTime: hasTimeIn(context, reserve) },
        requestedSince(payload),
      );
      if (outcome) {
        metrics.addMetric('DeliveriesReconciled', MetricUnit.Count, outcome.queued);
        logger.info('reconciled', outcome);
      }
      return outcome;
    } catch (error) {
      logger.error('sweep stopped; the next hour continues it', errorFields(error));
      throw error;
    }
  });
