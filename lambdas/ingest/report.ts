import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Accepted } from './accept.ts';

/** One wide log line and a few metrics per request that was accepted. */
export function reportAccepted(
  applicationId: string,
  accepted: readonly Accepted[],
  duration: number,
  logger: Logger,
  metrics: Metrics,
): void {
  const webhooks = accepted.reduce((sum, { webhookCount }) => sum + webhookCount, 0);
  metrics.addMetric('EventsAccepted', MetricUnit.Count, accepted.length);
  metrics.addMetric('DeliveriesQueued', MetricUnit.Count, webhooks);
  logger.info('accepted', {
    applicationId,
    events: accepted.length,
    // Enough to find an event by; a batch's other ids are in the table.
    eventId: accepted[0]?.eventId,
    webhooks,
    duration,
  });
}
