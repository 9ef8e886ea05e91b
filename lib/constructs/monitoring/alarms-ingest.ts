import type { AlarmRule } from './alarm-rule.ts';
import {
  errorsOf,
  expressionOf,
  perMinute,
  sumOf,
  throttledRequests,
  throttlesOf,
  writtenMetric,
} from './metrics.ts';
import type { Observed } from './observed.ts';

/** What producers and users of the API notice. */
export function ingestAlarms({ http, ingest, api, tables }: Observed): AlarmRule[] {
  return [
    {
      id: 'ApiErrors',
      severity: 'critical',
      // A share, so that a deployment with four requests a minute is seen as well as one with thousands a second.
      metric: expressionOf('5xx (%)', 'IF(errors > 0, 100 * errors / requests, 0)', {
        errors: http.stage.metricServerError(perMinute),
        requests: http.stage.metricCount(perMinute),
      }),
      ...{ threshold: 5, minutes: 3, of: 5 },
      impact:
        'Producers get 5xx for at least 5 % of their requests: events are not accepted and have to be posted again.',
      runbook: 'api-errors',
    },
    {
      id: 'IngestErrors',
      severity: 'critical',
      metric: sumOf('ingest errors', errorsOf([ingest])),
      ...{ threshold: 1, minutes: 2, of: 5 },
      impact: 'Posting events fails or times out: producers have to post again.',
      runbook: 'ingest-errors',
    },
    {
      id: 'ApiThrottled',
      severity: 'critical',
      metric: sumOf('throttles of ingest and api', throttlesOf([ingest, api])),
      ...{ threshold: 1, minutes: 2, of: 5 },
      impact: 'Producers get 503, because the account has no Lambda concurrency left.',
      runbook: 'throttled',
    },
    {
      id: 'QueuesRefuse',
      severity: 'warning',
      metric: sumOf('refused deliveries', [
        writtenMetric('ingest', 'DeliveriesRefusedByQueue'),
        writtenMetric('fan-out', 'DeliveriesRefusedByQueue'),
        writtenMetric('reconcile', 'DeliveriesRefusedByQueue'),
      ]),
      ...{ threshold: 1, minutes: 3, of: 6 },
      impact: 'Webhooks start up to a minute late because SQS refuses their messages.',
      runbook: 'queues-refuse',
    },
    {
      id: 'TablesThrottled',
      severity: 'critical',
      metric: throttledRequests(tables),
      ...{ threshold: 10, minutes: 3, of: 6 },
      impact: 'Producers may get 5xx and webhooks are late because DynamoDB refuses requests.',
      runbook: 'tables-throttled',
    },
  ];
}
