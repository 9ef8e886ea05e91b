import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { encodeMessage } from '#core/message/codec.ts';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { eventOf } from '#test/support/deliveries.ts';
import { type LocalStack, sharedAssembly, startLocalStack } from '#test/support/local-stack.ts';
import { operatorOf, type StackOperator } from '#test/support/stack-operator.ts';
import { waitFor } from '#test/support/wait.ts';

interface Watched {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}
interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
  >;
}

let stack: LocalStack;
let api: Api;
let receiver: Receiver;
/** What the receiver answers. */
let status = 200;
let endpointId: string;
let eventTable: Parameters<typeof createEventStore>[0];
let queues: readonly string[];
let operator: StackOperator;
let watched: readonly string[] = [];

/** `<function> <metric>` of what functions write themselves and an alarm of the template looks at. */
function ownAlarmMetrics({ Resources }: Template): string[] {
  const alarms = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const metrics = alarms.flatMap(({ Properties }) => {
    const parts = (Properties.Metrics ?? []) as { MetricStat?: { Metric: Watched } }[];
    return [Properties as unknown as Watched, ...parts.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])];
  });
  const own = metrics.filter(({ Namespace }) => Namespace === 'Hook0');
  return own.map(({ MetricName, Dimensions }) => {
    const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
    expect(dimensions).toEqual({ service: expect.any(String), deployment: { Ref: 'AWS::StackName' } });
    return `${dimensions.service} ${MetricName}`;
  });
}

beforeAll(async () => {
  stack = await startLocalStack({
    mutateTemplate: (template) => {
      watched = [...new Set(ownAlarmMetrics(template as Template))];
      // As deployed, but for the minute that Lambda waits for a batch to fill up.
      for (const [id, resource] of Object.entries((template as Template).Resources))
        if (id.startsWith('Hook0RollupChanges'))
          Object.assign(resource.Properties, { MaximumBatchingWindowInSeconds: 0 });
    },
  });
  api = createApi(stack.url, stack.adminToken);
  receiver = await startReceiver(() => ({ status }));
  const endpoint = { name: 'all', url: receiver.url, events: ['*'] };
  endpointId = String((await api.expect(201, 'POST', '/api/endpoints', endpoint)).id);
  operator = await operatorOf(stack);
  const tableName = operator.tableNamed('EventTable');
  eventTable = { client: operator.dynamoDb, tableName, now: Date.now, retentionDays: 30 };
  queues = (await operator.aws.call('sqs', 'ListQueues', {})).QueueUrls as string[];
});
afterEach(() => {
  status = 200;
  stack.proxy.faults.clear();
});
afterAll(async () => {
  operator.close();
  await stack.stop();
  await receiver.stop();
});

const refuse = (functionPrefix: string, ...actions: readonly string[]) =>
  stack.proxy.faults.add({
    match: ({ principal, action }) => principal.startsWith(functionPrefix) && actions.includes(action),
    kind: 'throttle',
  });

const post = () => api.expect(202, 'POST', '/api/events', { type: 'alarm.provoked', payload: {} });

async function send(queue: string, MessageBody: string): Promise<void> {
  const name = queues
    .find((url) => url.includes(`Hook0${queue}Queue`))
    ?.split('/')
    .at(-1);
  await operator.aws.call('sqs', 'SendMessage', {
    QueueUrl: `${stack.proxy.origin}/000000000000/${name}`,
    MessageBody,
  });
}

/** An event for so many endpoints that the fan-out must queue it. */
async function fanOut(): Promise<void> {
  const event = eventOf({ timestamp: Date.now(), deliverAt: Date.now(), endpointCount: 51 });
  const events = createEventStore(eventTable);
  await events.createSegments(event, [{ endpointId, priority: 'normal' }]);
  await events.create(event);
  const { id: eventId, applicationId } = event;
  await send('FanOut', encodeMessage({ v: 1, kind: 'fan-out', applicationId, eventId, segment: 0 }));
}

/** An event that was accepted two hours ago and then lost. */
async function reconcile(): Promise<void> {
  const timestamp = Date.now() - 2 * 60 * 60_000;
  const endpoints = [{ endpointId, priority: 'normal' as const }];
  await createEventStore(eventTable).create(
    eventOf({ timestamp, deliverAt: timestamp, endpointCount: 1, endpoints }),
  );
  await stack.invoke('Hook0Reconcile', { since: new Date(timestamp - 1_000).toISOString() });
}

/** How to bring each of them about. */
const provoke: Readonly<Record<string, () => Promise<unknown>>> = {
  'ingest DeliveriesRefusedByQueue': () => {
    refuse('Hook0Ingest', 'SendMessageBatch');
    return post();
  },
  'deliver AttemptSucceeded': post,
  'deliver AttemptDuration': post,
  'deliver AttemptFailed': () => {
    status = 500;
    return post();
  },
  'deliver DeliverErrors': () => {
    refuse('Hook0Deliver', 'PutItem');
    return post();
  },
  'scheduler SchedulerErrors': () => {
    refuse('Hook0Scheduler', 'Query');
    return stack.tick('Hook0Scheduler');
  },
  'rollup RollupErrors': () => {
    refuse('Hook0Rollup', 'PutItem');
    return post();
  },
  'rollup ChangesUnreadable': () => {
    const item = { pk: { S: 'ENDPOINT#ep_1#0' }, sk: { S: 'evt_1' }, status: { S: 'dead' }, v: { N: '99' } };
    return operator.dynamoDb.send(new PutItemCommand({ TableName: eventTable.tableName, Item: item }));
  },
  'quarantine MessagesQuarantined': () => send('Quarantine', 'nothing that anybody can read'),
  'quarantine QuarantineErrors': () => {
    refuse('Hook0Quarantine', 'SendMessage', 'SendMessageBatch');
    return send('Quarantine', 'nothing that anybody can read');
  },
  'fan-out FanOutErrors': () => {
    refuse('Hook0FanOut', 'GetItem', 'Query');
    return fanOut();
  },
  'fan-out DeliveriesRefusedByQueue': () => {
    refuse('Hook0FanOut', 'SendMessageBatch');
    return fanOut();
  },
  'tasks TaskErrors': () => {
    refuse('Hook0Tasks', 'GetItem', 'Query');
    return api.expect(202, 'POST', '/api/dead-letters/redrive', {});
  },
  'reconcile DeliveriesReconciled': reconcile,
  'reconcile DeliveriesRefusedByQueue': () => {
    refuse('Hook0Reconcile', 'SendMessageBatch');
    return reconcile();
  },
};

it('alarms look at these metrics of our own and no others', () => {
  expect(watched.toSorted()).toEqual(Object.keys(provoke).sort());
});

it.each(Object.entries(provoke))(
  '%s is written by its function, under the dimensions that the alarm asks for',
  async (name, bringAbout) => {
    const [service = '', metric = ''] = name.split(' ');
    await bringAbout();
    const dimensions = { service, deployment: (await sharedAssembly()).stackName };
    const minutes = await waitFor(name, async () => {
      const found = stack.metrics.minutes({ namespace: 'Hook0', name: metric, dimensions });
      return found.some(({ sum }) => sum > 0) && found;
    });
    expect(minutes).not.toEqual([]);
  },
);
