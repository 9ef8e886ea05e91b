import { GraphWidget, type IMetric, type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { queueClasses } from '#lambdas/deliver/env.ts';
import {
  minute,
  perMinute,
  streamLag,
  throttledRequests,
  waitingMessages,
  writtenMetric,
} from './metrics.ts';
import type { Observed } from './observed.ts';

/** The dashboard from top to bottom: what producers notice, what receivers notice, what operators need. */
export function dashboardWidgets(observed: Observed): IWidget[][] {
  const { deliver, fanOut, queues, rollup, tables } = observed;
  const { stage } = observed.http;
  const ingest = observed.ingest.handler;
  const delivers = queueClasses.map((label) => ({ label, consumer: deliver[label] }));
  const consumers = [...delivers, { label: 'fan-out', consumer: fanOut }];
  return [
    [
      graph('Requests', [
        stage.metricCount({ ...perMinute, label: 'all' }),
        stage.metricClientError({ ...perMinute, label: '4xx' }),
        stage.metricServerError({ ...perMinute, label: '5xx' }),
      ]),
      graph('Answer time of ingest (ms)', [
        ingest.metricDuration({ statistic: Stats.p(50), period: minute, label: 'p50' }),
        ingest.metricDuration({ statistic: Stats.p(99), period: minute, label: 'p99' }),
      ]),
    ],
    [
      graph('Events and deliveries', [
        writtenMetric('ingest', 'EventsAccepted', { label: 'events accepted' }),
        writtenMetric('ingest', 'DeliveriesQueued', { label: 'deliveries queued' }),
        writtenMetric('scheduler', 'DeliveriesReleased', { label: 'deliveries released' }),
        writtenMetric('tasks', 'DeliveriesRedriven', { label: 'deliveries redriven' }),
        writtenMetric('deliver', 'AttemptSucceeded', { label: 'attempts succeeded' }),
        writtenMetric('deliver', 'AttemptFailed', { label: 'attempts failed' }),
        writtenMetric('deliver', 'DeliveriesDiverted', { label: 'diverted to the slow queue' }),
      ]),
      graph('Answer time of endpoints (ms)', [
        writtenMetric('deliver', 'AttemptDuration', { statistic: Stats.p(50), label: 'p50' }),
        writtenMetric('deliver', 'AttemptDuration', { statistic: Stats.p(99), label: 'p99' }),
      ]),
    ],
    [
      graph(
        'Oldest message (s)',
        consumers.map(({ label, consumer }) => consumer.metricMessageAge({ label })),
      ),
      graph(
        'Waiting messages',
        consumers.map(({ label, consumer }) => waitingMessages(consumer.queue, label)),
      ),
    ],
    [
      graph(
        'Deliver: invocations',
        delivers.map(({ label, consumer }) => consumer.handler.metricInvocations({ ...perMinute, label })),
      ),
      graph('Deliver: errors and throttles', [
        ...delivers.map(({ label, consumer }) =>
          consumer.handler.metricErrors({ ...perMinute, label: `${label} errors` }),
        ),
        ...delivers.map(({ label, consumer }) =>
          consumer.handler.metricThrottles({ ...perMinute, label: `${label} throttles` }),
        ),
      ]),
    ],
    [
      graph('Set aside', [
        waitingMessages(queues.deadLetter, 'dead letters'),
        waitingMessages(queues.redrive, 'redrive'),
        waitingMessages(queues.quarantine, 'quarantine'),
        waitingMessages(rollup.failed, 'changes without statistics'),
      ]),
      graph('DynamoDB: throttled requests', [throttledRequests(tables)]),
    ],
    [
      graph('Statistics: lag (ms)', [streamLag(rollup.handler, 'oldest change')]),
      graph('Statistics: errors', [
        writtenMetric('rollup', 'RollupErrors', { label: 'repeated' }),
        writtenMetric('rollup', 'ChangesUnreadable', { label: 'unreadable' }),
        rollup.handler.metricErrors({ ...perMinute, label: 'errors' }),
      ]),
    ],
  ];
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12, height: 6 });
}
