import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { QueueClass } from '../lambdas/deliver/env.ts';
import packageJson from '../package.json' with { type: 'json' };
import { Bootstrap } from './constructs/bootstrap.ts';
import { functionCode } from './constructs/bundle.ts';
import { Control } from './constructs/control.ts';
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
import { Redrive } from './constructs/redrive.ts';
import { Rollup } from './constructs/rollup.ts';
import { Scheduler } from './constructs/scheduler.ts';
import { Tables } from './constructs/tables.ts';
import { isProduction, parseSettings, type Settings } from './settings.ts';

/** How a Hook0 inside your own stack is set up. The same rules as for the settings of the app apply. */
export interface Hook0Props {
  /**
   * `prod` keeps data when the stack is removed, protects the tables from deletion and recovers events point in time.
   * @default - `dev`: everything goes with the stack
   */
  readonly stage?: string;
  /**
   * Days that settled events and deliveries stay readable, 1 to 365.
   * @default - 30 days
   */
  readonly retentionDays?: number;
  /**
   * Address that receives the alarms.
   * @default - alarms reach `alarmTopic` only
   */
  readonly alarmEmail?: string | undefined;
  /**
   * Encrypt the ConfigTable with a KMS key of this account.
   * @default - false: a key that DynamoDB owns
   */
  readonly customerManagedKey?: boolean;
  /**
   * Days that CloudWatch keeps logs; one of the numbers that it offers.
   * @default - 30 days
   */
  readonly logRetentionDays?: number;
  /**
   * Requests a second that the API takes, all callers together.
   * @default - 1,000: a tenth of what a region has; above it callers get 429
   */
  readonly apiRateLimit?: number;
  /**
   * Requests that the API takes at once.
   * @default - 2,000; above it callers get 429
   */
  readonly apiBurstLimit?: number;
  /**
   * Origins whose pages may call the API from a browser, e.g. `https://app.example`; at most 20.
   * @default - none: answers have no CORS headers, and browsers keep them from pages of other origins
   */
  readonly corsOrigins?: readonly string[] | undefined;
  /**
   * Most parallel deliver functions for priority high; each makes up to 10 requests at once.
   * @default - 50: half of what normal has, for what is seldom and must not wait
   */
  readonly highConcurrency?: number;
  /**
   * Most parallel deliver functions for priority normal.
   * @default - 100: a thousand requests at once, what `apiRateLimit` lets in while receivers take a second each
   */
  readonly normalConcurrency?: number;
  /**
   * Most parallel deliver functions for priority low.
   * @default - 20: what is low may wait, and leaves the account's functions to the rest
   */
  readonly lowConcurrency?: number;
  /**
   * Most parallel deliver functions for retries.
   * @default - 50: half of the first attempts of normal may fail at once; or 200 requests a second of rate limits
   */
  readonly retryConcurrency?: number;
  /**
   * Most parallel deliver functions for endpoints that answer slowly.
   * @default - 20: 200 requests that hang, which circuits end within half a minute
   */
  readonly slowConcurrency?: number;
  /**
   * Most parallel fan-out functions.
   * @default - 10: they queue 20,000 deliveries a second, twice what the deliver functions of normal make
   */
  readonly fanOutConcurrency?: number;
  /**
   * Most parallel redrive functions.
   * @default - 5: they keep up with a move by the console
   */
  readonly redriveConcurrency?: number;
  /**
   * Functions reserved for taking events, which then has no more.
   * @default - no reserve: whatever the account has left
   */
  readonly ingestConcurrency?: number | undefined;
  /**
   * Functions reserved for the rest of the API, which then has no more.
   * @default - no reserve: whatever the account has left
   */
  readonly controlConcurrency?: number | undefined;
  /**
   * Messages that a deliver function takes at once, 1 to 10.
   * @default - 10: the fewest invocations
   */
  readonly deliverBatchSize?: number;
  /**
   * Segments, of up to 1,000 deliveries each, that a fan-out function takes at once, 1 to 10.
   * @default - 1: none waits for another
   */
  readonly fanOutBatchSize?: number;
  /**
   * Dead letters that a redrive function takes at once, 1 to 10.
   * @default - 10: the fewest invocations
   */
  readonly redriveBatchSize?: number;
  /**
   * Seconds that deliveries of priority low may wait to share an invocation, 0 to 60.
   * @default - 0: they do not wait
   */
  readonly lowBatchWindow?: number;
  /**
   * Seconds that changes may wait to be counted together: the statistics are so much later, and cost fewer writes.
   * @default - 60: what is counted costs a write a minute, not one for each delivery
   */
  readonly rollupBatchWindow?: number;
  /**
   * MB of memory of each function, 256 to 10,240.
   * @default - 512 MB: a third of a CPU, and room for the routes of 180,000 plain endpoints in ingest
   */
  readonly memorySize?: number;
  /**
   * Most endpoints of an application, unless an operator gives it another limit.
   * @default - 100,000
   */
  readonly endpointLimit?: number;
  /**
   * Most event types of an application, unless an operator gives it another limit.
   * @default - 10,000
   */
  readonly eventTypeLimit?: number;
  /**
   * Raised by one, the deployment takes over an admin token that was put into the secret and revokes the former.
   * @default - 1
   */
  readonly adminTokenRound?: number;
  /**
   * MB of ingest. A quarter of it holds routes; those of one application may take half of it.
   * @default - `memorySize`
   */
  readonly ingestMemory?: number | undefined;
  /**
   * MB of the deliver functions, which mostly wait for receivers.
   * @default - `memorySize`
   */
  readonly deliverMemory?: number | undefined;
  /**
   * MB of fan-out.
   * @default - `memorySize`
   */
  readonly fanOutMemory?: number | undefined;
  /**
   * MB of the rest of the API.
   * @default - `memorySize`
   */
  readonly controlMemory?: number | undefined;
  /**
   * MB of the scheduler, which packs routes; those of one application may take half of it.
   * @default - `memorySize`
   */
  readonly schedulerMemory?: number | undefined;
  /**
   * MB of redrive.
   * @default - `memorySize`
   */
  readonly redriveMemory?: number | undefined;
  /**
   * MB of reconcile.
   * @default - `memorySize`
   */
  readonly reconcileMemory?: number | undefined;
  /**
   * MB of rollup.
   * @default - `memorySize`
   */
  readonly rollupMemory?: number | undefined;
}

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
    const settings: Settings = parseSettings({ ...props });
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
    const withMemory = (memorySize = defaults.memorySize) => ({
      ...shared,
      defaults: { ...defaults, memorySize },
    });

    const ingest = new Ingest(this, 'Ingest', {
      ...withMemory(settings.ingestMemory),
      reservedConcurrency: settings.ingestConcurrency,
    });
    const fanOut = new FanOut(this, 'FanOut', {
      ...withMemory(settings.fanOutMemory),
      maxConcurrency: settings.fanOutConcurrency,
      batchSize: settings.fanOutBatchSize,
    });
    const deliverCode = functionCode('deliver');
    const deliver = (name: string, queueClass: QueueClass, maxConcurrency: number): LambdaFunction =>
      new Deliver(this, name, {
        ...withMemory(settings.deliverMemory),
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
    const { ingestMemory = settings.memorySize, schedulerMemory = settings.memorySize } = settings;
    const control = new Control(this, 'Control', {
      ...withMemory(settings.controlMemory),
      tester: delivers.slow,
      endpointLimit: settings.endpointLimit,
      eventTypeLimit: settings.eventTypeLimit,
      // Both hold all routes of an application: to match, and to pack.
      routingMemory: Math.min(ingestMemory, schedulerMemory),
      reservedConcurrency: settings.controlConcurrency,
    });
    const scheduler = new Scheduler(this, 'Scheduler', withMemory(settings.schedulerMemory));
    const redrive = new Redrive(this, 'Redrive', {
      ...withMemory(settings.redriveMemory),
      maxConcurrency: settings.redriveConcurrency,
      batchSize: settings.redriveBatchSize,
    });
    const quarantine = new Quarantine(this, 'Quarantine', shared);
    const reconcile = new Reconcile(this, 'Reconcile', withMemory(settings.reconcileMemory));
    const rollup = new Rollup(this, 'Rollup', {
      ...withMemory(settings.rollupMemory),
      batchWindow: settings.rollupBatchWindow,
      removalPolicy,
    });
    const bootstrap = new Bootstrap(this, 'Bootstrap', {
      ...{ tables, removalPolicy, defaults },
      round: settings.adminTokenRound,
    });
    const http = new HttpApi(this, 'Http', {
      ingest: ingest.handler,
      control: control.handler,
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
      redrive: redrive.handler,
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
