import { Lazy } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Api } from './constructs/api/api.ts';
import { Bootstrap } from './constructs/bootstrap.ts';
import { Deliver } from './constructs/deliver.ts';
import { FanOut } from './constructs/fan-out.ts';
import type { Foundation } from './constructs/function/foundation.ts';
import { HttpApi } from './constructs/http-api.ts';
import { Ingest } from './constructs/ingest.ts';
import { LifecycleBus } from './constructs/lifecycle-bus.ts';
import { Monitoring } from './constructs/monitoring/monitoring.ts';
import { Quarantine } from './constructs/quarantine.ts';
import { Queues } from './constructs/queues.ts';
import { Reconcile } from './constructs/reconcile.ts';
import { Rollup } from './constructs/rollup.ts';
import { Scheduler } from './constructs/scheduler.ts';
import { CredentialKey } from './constructs/tables/credential-key.ts';
import { Tables } from './constructs/tables/tables.ts';
import { Tasks } from './constructs/tasks.ts';
import { Web } from './constructs/web/web.ts';
import type { Hook0Props } from './hook0-props.ts';
import { parseSettings } from './settings/parse-settings.ts';

export type { Hook0Props };

/** Webhook delivery as a part of your stack. One per stack, because the logical ids of tables and queues are fixed. */
export class Hook0 extends Construct {
  /** The address of the API, without a slash at the end. */
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

  /** @throws Error naming every prop that is wrong or unknown */
  constructor(scope: Construct, id: string, props: Hook0Props = {}) {
    super(scope, id);
    const settings = parseSettings({ ...props });
    const tables = new Tables(this, 'Tables', settings);
    const queues = new Queues(this, 'Queues', settings);
    const { bus } = new LifecycleBus(this, 'Lifecycle');
    const credentialKey =
      settings.credentialEncryption === 'off'
        ? undefined
        : new CredentialKey(this, 'Credentials', settings).key;
    const foundation: Foundation = { settings, tables, queues, bus, credentialKey };

    const ingest = new Ingest(this, 'Ingest', foundation);
    const fanOut = new FanOut(this, 'FanOut', foundation);
    const deliver = {
      high: new Deliver(this, 'DeliverHigh', { ...foundation, queueClass: 'high' }),
      normal: new Deliver(this, 'DeliverNormal', { ...foundation, queueClass: 'normal' }),
      low: new Deliver(this, 'DeliverLow', { ...foundation, queueClass: 'low' }),
      retry: new Deliver(this, 'DeliverRetry', { ...foundation, queueClass: 'retry' }),
      slow: new Deliver(this, 'DeliverSlow', { ...foundation, queueClass: 'slow' }),
    };
    // The function's environment names the API, whose routes name the function.
    const ownUrl = Lazy.string({ produce: () => http.url });
    const api = new Api(this, 'Api', { ...foundation, tester: deliver.slow.handler, ownUrl });
    const web = new Web(this, 'Web', foundation);
    const scheduler = new Scheduler(this, 'Scheduler', foundation);
    const tasks = new Tasks(this, 'Tasks', foundation);
    const quarantine = new Quarantine(this, 'Quarantine', foundation);
    const reconcile = new Reconcile(this, 'Reconcile', foundation);
    const rollup = new Rollup(this, 'Rollup', foundation);
    const bootstrap = new Bootstrap(this, 'Bootstrap', {
      ...foundation,
      api: api.handler,
      readers: Object.values(deliver),
    });
    const http = new HttpApi(this, 'Http', {
      settings,
      ingest: ingest.handler,
      api: api.handler,
      web: web.handler,
    });
    const monitoring = new Monitoring(this, 'Monitoring', {
      http,
      ingest,
      api,
      deliver,
      fanOut,
      scheduler,
      tasks,
      quarantine,
      reconcile,
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
   * Deliveries in the dead-letter queue: they used up their attempts or were refused.
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
