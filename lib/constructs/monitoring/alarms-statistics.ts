import type { AlarmRule } from './alarm-rule.ts';
import { errorsOf, streamLag, sumOf, waitingMessages, writtenMetric } from './metrics.ts';
import type { Observed } from './observed.ts';

/** Statistics alone: webhooks are delivered as usual. */
export function statisticsAlarms({ rollup }: Observed): AlarmRule[] {
  return [
    {
      id: 'StatisticsLate',
      severity: 'warning',
      metric: streamLag(rollup.handler),
      // A batch waits for a minute to fill up.
      ...{ threshold: 10 * 60_000, minutes: 3, of: 5 },
      impact: 'Statistics and /metrics are more than ten minutes behind; webhooks are delivered as usual.',
      runbook: 'statistics-late',
    },
    {
      id: 'StatisticsErrors',
      severity: 'warning',
      // Failed batches are repeated, so a single failure loses nothing.
      metric: sumOf('roll-up trouble', [writtenMetric('rollup', 'RollupErrors'), ...errorsOf([rollup])]),
      ...{ threshold: 1, minutes: 5, of: 8 },
      impact:
        'Statistics and /metrics fall behind because our own function fails; webhooks are delivered as usual.',
      runbook: 'statistics-late',
    },
    {
      id: 'StatisticsIncomplete',
      severity: 'warning',
      metric: sumOf('changes that are not counted', [
        writtenMetric('rollup', 'ChangesUnreadable'),
        waitingMessages(rollup.failed),
      ]),
      ...{ threshold: 1, minutes: 1, of: 5 },
      impact: 'Statistics and /metrics lack some deliveries for good; webhooks are delivered as usual.',
      runbook: 'statistics-incomplete',
    },
  ];
}
