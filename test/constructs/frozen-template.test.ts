import { expect, it } from 'vitest';
import { ofType, synthesized } from './synthesized.ts';

// Names in the template under which data is stored, or to which alarms, dashboards and scripts of users refer. How to
// change one on purpose: change the list below in the same commit, with docs/ and CHANGELOG.md. After the first release an
// index or a key cannot be renamed: add another one.

/** What the dashboard and the alarms read: the dimension `service`, then the metric. */
const metrics = `
deliver AttemptDuration
deliver AttemptFailed
deliver AttemptSucceeded
deliver DeliverErrors
deliver DeliveriesDiverted
fan-out DeliveriesRefusedByQueue
fan-out FanOutErrors
ingest DeliveriesQueued
ingest DeliveriesRefusedByQueue
ingest EventsAccepted
quarantine MessagesQuarantined
quarantine QuarantineErrors
reconcile DeliveriesReconciled
reconcile DeliveriesRefusedByQueue
rollup ChangesUnreadable
rollup RollupErrors
scheduler DeliveriesReleased
scheduler SchedulerErrors
tasks DeliveriesRedriven
tasks TaskErrors
`;

const dev = synthesized();

it('metrics keep their names and services', () => {
  const resources = [...ofType(dev, 'AWS::CloudWatch::Dashboard'), ...ofType(dev, 'AWS::CloudWatch::Alarm')];
  // The body of the dashboard is JSON inside JSON.
  const text = JSON.stringify(resources).replaceAll('\\', '');
  const shown = text.matchAll(/\["Hook0","(?<name>\w+)".{0,99}?"service","(?<service>[\w-]+)"/g);
  const watched = text.matchAll(
    /"Name":"service","Value":"(?<service>[\w-]+)"\}\],"MetricName":"(?<name>\w+)","Namespace":"Hook0"/g,
  );
  const found = [...shown, ...watched].map(({ groups }) => `${groups?.service} ${groups?.name}`);
  expect([...new Set(found)].sort().join('\n')).toBe(metrics.trim());
});

it('tables keep their keys and their index', () => {
  const tables = ofType(dev, 'AWS::DynamoDB::GlobalTable').map(([id, { Properties }]) => {
    const { KeySchema, GlobalSecondaryIndexes: indexes, TimeToLiveSpecification: ttl } = Properties;
    return [id, { KeySchema, indexes, ttl }];
  });
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  const common = { KeySchema: key('pk', 'sk'), ttl: { AttributeName: 'ttl', Enabled: true } };
  const attention = {
    IndexName: 'attention',
    KeySchema: key('attentionKey', 'attentionAt'),
    Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] },
  };
  expect(Object.fromEntries(tables)).toMatchObject({
    Hook0ConfigTable: common,
    Hook0EventTable: { ...common, indexes: [attention] },
  });
});

it('outputs keep their names', () => {
  const outputs = Object.keys(dev.template.findOutputs('*'));
  expect(outputs.sort()).toEqual(['AdminTokenSecretArn', 'ApiUrl', 'DashboardUrl']);
});
