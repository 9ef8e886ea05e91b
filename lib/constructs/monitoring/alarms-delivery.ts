import type { AlarmRule } from './alarm-rule.ts';
import {
  errorsOf,
  expressionOf,
  perMinute,
  sumOf,
  throttlesOf,
  waitingMessages,
  writtenMetric,
} from './metrics.ts';
import type { Observed } from './observed.ts';

/** The number of messages that SQS lets a queue have in work, per queue. */
const mostInFlight = 120_000;

/** What receivers notice. */
export function deliveryAlarms({ deliver, fanOut, quarantine }: Observed): AlarmRule[] {
  const delivers = Object.values(deliver);
  const late = (seconds: number) => ({ threshold: seconds, minutes: 3, of: 5, runbook: 'queue-late' });
  const attempts = {
    failed: writtenMetric('deliver', 'AttemptFailed'),
    succeeded: writtenMetric('deliver', 'AttemptSucceeded'),
  };
  return [
    {
      id: 'QueueBacklog',
      severity: 'critical',
      metric: expressionOf('backlog', 'IF(waiting > 1000 OR oldest > 300, 1, 0)', {
        waiting: waitingMessages(deliver.normal.queue),
        oldest: deliver.normal.metricMessageAge(),
      }),
      ...{ threshold: 1, minutes: 5, of: 7 },
      impact:
        'More than 1,000 webhooks wait for five minutes, or the oldest for more than five minutes: receivers get them late.',
      runbook: 'queue-late',
    },
    {
      id: 'HighQueueLate',
      severity: 'critical',
      metric: deliver.high.metricMessageAge(),
      ...late(60),
      impact: 'Webhooks of priority high reach receivers more than a minute late.',
    },
    {
      id: 'LowQueueLate',
      severity: 'warning',
      metric: deliver.low.metricMessageAge(),
      ...late(1_800),
      impact: 'Webhooks of priority low reach receivers more than half an hour late.',
    },
    {
      id: 'SlowQueueLate',
      severity: 'warning',
      metric: deliver.slow.metricMessageAge(),
      ...late(1_800),
      impact: 'Webhooks to endpoints that answer slowly wait for more than half an hour.',
    },
    {
      id: 'FanOutLate',
      severity: 'critical',
      metric: fanOut.metricMessageAge(),
      ...late(300),
      impact: 'Events with many endpoints reach receivers more than five minutes late.',
      runbook: 'fan-out-late',
    },
    {
      id: 'InFlight',
      severity: 'critical',
      metric: deliver.retry.queue.metricApproximateNumberOfMessagesNotVisible({
        ...perMinute,
        statistic: 'Maximum',
      }),
      ...{ threshold: 0.8 * mostInFlight, minutes: 3, of: 5 },
      impact: 'Retries start late soon, because SQS lets at most 120,000 messages of a queue be in work.',
      runbook: 'in-flight',
    },
    {
      id: 'HighErrorRate',
      severity: 'warning',
      metric: expressionOf(
        'failed attempts (%)',
        'IF(failed + succeeded >= 20, 100 * failed / (failed + succeeded), 0)',
        attempts,
      ),
      ...{ threshold: 10, minutes: 5, of: 7 },
      impact: 'More than 10 % of the requests to receivers fail. Failed deliveries are repeated.',
      runbook: 'high-error-rate',
    },
    {
      id: 'HighResponseTime',
      severity: 'warning',
      metric: expressionOf('p95 (ms)', 'IF(failed + succeeded >= 20, p95, 0)', {
        ...attempts,
        p95: writtenMetric('deliver', 'AttemptDuration', { statistic: 'p95' }),
      }),
      ...{ threshold: 10_000, minutes: 3, of: 5 },
      impact: 'Receivers take more than 10 seconds for one in twenty requests: their webhooks are late.',
      runbook: 'high-response-time',
    },
    {
      id: 'DeliverErrors',
      severity: 'critical',
      // A message that fails does not fail its batch, so Lambda's count of errors is not enough.
      metric: sumOf('deliver errors', [...errorsOf(delivers), writtenMetric('deliver', 'DeliverErrors')]),
      ...{ threshold: 5, minutes: 3, of: 6 },
      impact:
        'Deliveries are repeated late because our own function fails; receivers may see webhooks twice.',
      runbook: 'deliver-errors',
    },
    {
      id: 'DeliverThrottled',
      severity: 'critical',
      metric: sumOf('deliver throttles', throttlesOf(delivers)),
      ...{ threshold: 10, minutes: 5, of: 8 },
      impact: 'Webhooks are late because the account has no Lambda concurrency left.',
      runbook: 'throttled',
    },
    {
      id: 'Quarantined',
      severity: 'critical',
      // The function's own counts, because its queue is empty again soon and messages in work are invisible.
      metric: sumOf('messages given up', [
        writtenMetric('quarantine', 'MessagesQuarantined'),
        writtenMetric('quarantine', 'QuarantineErrors'),
        ...errorsOf([quarantine]),
      ]),
      ...{ threshold: 1, minutes: 1, of: 5 },
      impact:
        'Some deliveries did not reach their receivers because our own functions failed on them for an hour or more.',
      runbook: 'quarantined',
    },
  ];
}
