import { errorFields, MetricUnit, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import type { AcceptOutcome } from './accept.ts';
import { failedIn } from './answers.ts';

/** Writes a log line and metrics for the accepted events of a request, and a line for those that were not accepted. */
export function reportOutcomes(
  applicationId: string,
  outcomes: readonly AcceptOutcome[],
  duration: number,
  { logger, metrics }: Telemetry,
): void {
  const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted');
  const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
  const failure = failedIn(outcomes);
  if (failure) {
    const failed = outcomes.length - accepted.length - refused.length;
    // One error is enough, because events of one request fail for one reason.
    logger.warn('not accepted', { applicationId, events: failed, duration, ...errorFields(failure.error) });
  }
  if (refused.length > 0) {
    // Only the code, because the rest of a problem describes the payload.
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
    // One id of a batch is enough to find the others in the table.
    eventId: accepted[0]?.eventId,
    webhooks,
    duration,
  });
}
