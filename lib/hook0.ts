import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { QueueClass } from '#lambdas/deliver/env.ts';
import packageJson from '../package.json' with { type: 'json' };
import { Api } from './constructs/api.ts';
import { Bootstrap } from './constructs/bootstrap.ts';
import { functionCode } from './constructs/bundle.ts';
import { Deliver } from './constructs/deliver.ts';
import { FanOut } from './constructs/fan-out.ts';
import { type FunctionDefaults, removalPolicyFor } from './constructs/function.ts';
import { HttpApi } from './constructs/http-api.ts';
import { Ingest } from './constructs/ingest.ts';
import { LifecycleBus } from './constructs/lifecycle-bus.ts';
import { Monitoring } from './constructs/monitoring.ts';
import { Quarantine } from './constructs/quarantine.ts';
import { Queues } from './constructs/queues.ts';
import { Reconcile } from './constructs/reconcile.ts';
import { Rollup } from './constructs/rollup.ts';
import { Scheduler } from './constructs/scheduler.ts';
import { Tables } from './constructs/tables.ts';
import { Tasks } from './constructs/tasks.ts';
import type { Hook0Props } from './hook0-props.ts';
import { parseSettings } from './settings/parse-settings.ts';
import { type FunctionName, isProduction } from './settings/settings.ts';

/** Webhook delivery as a part of your stack. One per stack: the logical ids of what holds data are fixed. */
export class Hook0 extends Construct {
  /** The API's address, without a slash at the end. */
  readonly apiUrl: string;
  readonly configTable: TableV2;
  readonly eventTable: TableV2;
  readonly queues: Queues;
  /** Where circuit.opened, endpoint.disabled, delivery.dead and the like are published. */
  readonly bus: EventBus;
  /** Holds the first admin token. */
  readonly adminTokenSecret: ISecret;
  readonly alarmTopic: Topic;
  readonly dashboardUrl: string;

  /** @throws Error naming every prop that is out of its bounds. */
  constructor(scope: Construct, id: string, props: Hook0Props = {}) {
    super(scope, id);
    const settings = parseSettings({ ...props });
    const production = isProduction(settings);
    const removalPolicy = removalPolicyFor(production);
    const { retentionDays, logRetentionDays } = settings;
    const { version } = packageJson;
    const defaults: FunctionDefaults = { memorySize: settings.memorySize, logRetentionDays, removalPolicy };

    const { customerManagedKey } = settings;
    const tables = new Tables(this, 'Tables', { production, removalPolicy, customerManagedKey });
    const { lowBatchWindow } = settings;
    const queues = new Queues(this, 'Queues', { removalPolicy, lowBatchWindow });
    const { bus } = new LifecycleBus(this, 'Lifecycle');
    const shared = { tables, queues, bus, retentionDays, version, defaults };
    const memoryOf = (name: FunctionName) => settings.memory?.[name] ?? settings.memorySize;
    const sharedBy = (name: FunctionName) => ({
      ...shared,
      defaults: { ...defaults, memorySize: memoryOf(name) },
    });

    const ingest = new Ingest(this, 'Ingest', {
      ...sharedBy('ingest'),
      reservedConcurrency: settings.ingestConcurrency,
    });
    const fanOut = new FanOut(this, 'FanOut', {
      ...sharedBy('fan-out'),
      maxConcurrency: settings.fanOutConcurrency,
      batchSize: settings.fanOutBatchSize,
    });
    const deliverCode = functionCode('deliver');
    const deliver = (name: string, queueClass: QueueClass, maxConcurrency: number): LambdaFunction =>
      new Deliver(this, name, {
        ...sharedBy('deliver'),
        queueClass,
        maxConcurrency,
        batchSize: settings.deliverBatchSize,
        batchWindow: queueClass === 'low' ? lowBatchWindow : 0,
        code: deliverCode,
      }).handler;
    const delivers = {
      high: deliver('DeliverHigh', 'high', settings.highConcurrency),
      normal: deliver('DeliverNormal', 'normal', settings.normalConcurrency),
      low: deliver('DeliverLow', 'low', settings.lowConcurrency),
      retry: deliver('DeliverRetry', 'retry', settings.retryConcurrency),
      slow: deliver('DeliverSlow', 'slow', settings.slowConcurrency),
    };
    const api = new Api(this, 'Api', {
      ...sharedBy('api'),
      tester: delivers.slow,
      endpointLimit: settings.endpointLimit,
      eventTypeLimit: settings.eventTypeLimit,
      // Both hold all routes of an application: to match, and to pack.
      routingMemory: Math.min(memoryOf('ingest'), memoryOf('scheduler')),
      reservedConcurrency: settings.apiConcurrency,
    });
    const scheduler = new Scheduler(this, 'Scheduler', sharedBy('scheduler'));
    const tasks = new Tasks(this, 'Tasks', {
      ...sharedBy('tasks'),
      maxConcurrency: settings.tasksConcurrency,
      batchSize: settings.tasksBatchSize,
    });
    const quarantine = new Quarantine(this, 'Quarantine', sharedBy('quarantine'));
    const reconcile = new Reconcile(this, 'Reconcile', sharedBy('reconcile'));
    const rollup = new Rollup(this, 'Rollup', {
      ...sharedBy('rollup'),
      batchWindow: settings.rollupBatchWindow,
      removalPolicy,
    });
    const bootstrap = new Bootstrap(this, 'Bootstrap', {
      ...sharedBy('bootstrap'),
      removalPolicy,
      round: settings.adminTokenRound,
    });
    const http = new HttpApi(this, 'Http', {
      ingest: ingest.handler,
      api: api.handler,
      rateLimit: settings.apiRateLimit,
      burstLimit: settings.apiBurstLimit,
      corsOrigins: settings.corsOrigins,
      logRetentionDays,
      removalPolicy,
    });
    const monitoring = new Monitoring(this, 'Monitoring', {
      stage: http.stage,
      ingest: ingest.handler,
      deliver: delivers,
      fanOut: fanOut.handler,
      scheduler: scheduler.handler,
      tasks: tasks.handler,
      quarantine: quarantine.handler,
      reconcile: reconcile.handler,
      rollup,
      queues,
      tables,
      alarmEmail: settings.alarmEmail,
    });

    this.apiUrl = http.url;
    this.configTable = tables.config;
    this.eventTable = tables.events;
    this.queues = queues;
    this.bus = bus;
    this.adminTokenSecret = bootstrap.adminToken;
    this.alarmTopic = monitoring.alarmTopic;
    this.dashboardUrl = monitoring.dashboardUrl;
  }

  /**
   * Deliveries that used up their attempts or were refused, and wait in the dead-letter queue.
   * @default - maximum over five minutes
   */
  metricDeadLetters(options?: MetricOptions): Metric {
    return this.queues.deadLetter.metricApproximateNumberOfMessagesVisible({
      statistic: 'Maximum',
      ...options,
    });
  }

  /**
   * Seconds that the oldest first attempt of a priority has waited.
   * @default - maximum over five minutes
   */
  metricDeliveryLag(priority: 'high' | 'normal' | 'low', options?: MetricOptions): Metric {
    return this.queues[priority].metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', ...options });
  }
}
