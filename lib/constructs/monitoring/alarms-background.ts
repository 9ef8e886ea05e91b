import type { AlarmRule } from './alarm-rule.ts';
import { errorsOf, perMinute, sumOf, throttlesOf, writtenMetric } from './metrics.ts';
import type { Observed } from './observed.ts';

/** What waits, is held, retried or redriven depends on these functions. */
export function backgroundAlarms(observed: Observed): AlarmRule[] {
  const { fanOut, scheduler, tasks, quarantine, reconcile, rollup } = observed;
  return [
    {
      id: 'SchedulerSilent',
      severity: 'critical',
      // Without a run there are no errors either: only the missing runs tell.
      metric: scheduler.handler.metricInvocations(perMinute),
      ...{ threshold: 1, rings: 'below', minutes: 5, of: 5, missing: 'breaching' },
      impact: 'Delayed, held and retried deliveries are not released, because the scheduler does not run.',
      runbook: 'scheduler-silent',
    },
    {
      id: 'BackgroundErrors',
      severity: 'critical',
      metric: sumOf('fan-out, scheduler and tasks errors', [
        ...errorsOf([fanOut, scheduler, tasks]),
        writtenMetric('tasks', 'TaskErrors'),
        writtenMetric('fan-out', 'FanOutErrors'),
        writtenMetric('scheduler', 'SchedulerErrors'),
      ]),
      ...{ threshold: 1, minutes: 3, of: 6 },
      impact:
        'Delayed, held, retried and redriven deliveries, and events with many endpoints, are released late.',
      runbook: 'background-errors',
    },
    {
      id: 'BackgroundThrottled',
      severity: 'warning',
      metric: sumOf(
        'background throttles',
        throttlesOf([fanOut, scheduler, tasks, quarantine, reconcile, rollup]),
      ),
      ...{ threshold: 1, minutes: 3, of: 6 },
      impact: 'Releases, tasks and statistics are late because the account has no Lambda concurrency left.',
      runbook: 'throttled',
    },
    {
      id: 'Reconcile',
      severity: 'warning',
      // It found deliveries that were lost, or it failed.
      metric: sumOf('lost deliveries and reconcile errors', [
        writtenMetric('reconcile', 'DeliveriesReconciled'),
        ...errorsOf([reconcile]),
      ]),
      ...{ threshold: 1, minutes: 1, of: 5 },
      impact:
        'Some webhooks were lost on their way and are sent up to a day late, or the daily search for them fails.',
      runbook: 'reconcile',
    },
  ];
}
