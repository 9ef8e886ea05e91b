import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RequestResult } from '#core/attempt/outcome.ts';
import type { EndpointTest } from '#core/endpoint-test/endpoint-test.ts';
import type { AttemptReport } from './ports.ts';

/** One log line for a test. It writes no metric, because a test must not ring an alarm. */
export function reportTest(
  { applicationId, endpointId, eventId, eventType }: EndpointTest,
  result: RequestResult,
  logger: Logger,
): void {
  const of = { applicationId, endpointId, eventId, eventType };
  logger.info('endpoint test', { ...of, duration: result.duration, ...meaningOf(result) });
}

/** One wide log line and a few metrics for each attempt, without secrets, headers and payloads. */
export function reportAttempt(
  { delivery, eventType, result }: AttemptReport,
  logger: Logger,
  metrics: Metrics,
): void {
  const success = result.kind === 'answered' && result.statusCode >= 200 && result.statusCode < 300;
  metrics.addMetric(success ? 'AttemptSucceeded' : 'AttemptFailed', MetricUnit.Count, 1);
  metrics.addMetric('AttemptDuration', MetricUnit.Milliseconds, result.duration);
  logger.info('attempt', {
    applicationId: delivery.applicationId,
    endpointId: delivery.endpointId,
    eventId: delivery.eventId,
    eventType,
    generation: delivery.generation,
    attempt: delivery.attemptCount + 1,
    duration: result.duration,
    ...meaningOf(result),
  });
}

const meaningOf = (result: RequestResult) =>
  result.kind === 'answered'
    ? { statusCode: result.statusCode }
    : { errorClass: result.errorClass, error: result.error };
