import { errorFields, MetricUnit, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import type { Outcome } from './accept.ts';
import { failedIn } from './answers.ts';

/** One wide log line and a few metrics per request whose events were taken, and a line on those that failed. */
export function reportOutcomes(
  applicationId: string,
  outcomes: readonly Outcome[],
  duration: number,
  { logger, metrics }: Telemetry,
): void {
  const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted');
  const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
  const failure = failedIn(outcomes);
  if (failure) {
    const failed = outcomes.length - accepted.length - refused.length;
    // One says why: events of one request fail for one reason.
    logger.warn('not accepted', { applicationId, events: failed, duration, ...errorFields(failure.error) });
  }
  if (refused.length > 0) {
    // Its code alone: the rest of a problem speaks of the payload.
    const code = refused[0]?.problem.code;
    logger.info('refused by their types', { applicationId, events: refused.length, code, duration });
  }
  if (accepted.length === 0) return;
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
