import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ofType, synthesized } from './synthesized.ts';

const dev = synthesized();
const alarms = ofType(dev, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => ({
  name: /^Hook0Monitoring(.+)[0-9A-F]{8}$/.exec(id)?.[1],
  description: String(Properties.AlarmDescription),
  ...Properties,
}));

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, section = '']) => section);
const runbookLink = /^(?:critical|warning): (.+\.) What to do: docs\/runbook\.md#([a-z-]+)$/;

describe('alarms', () => {
  it('watch acceptance, lateness, crashes and throttling', () => {
    expect(alarms.map(({ name }) => name)).toEqual([
      'ApiErrors',
      'IngestErrors',
      'ApiThrottled',
      'QueuesRefuse',
      'TablesThrottled',
      'QueueBacklog',
      'HighQueueLate',
      'LowQueueLate',
      'SlowQueueLate',
      'FanOutLate',
      'InFlight',
      'HighErrorRate',
      'HighResponseTime',
      'DeliverErrors',
      'DeliverThrottled',
      'Quarantined',
      'SchedulerSilent',
      'BackgroundErrors',
      'BackgroundThrottled',
      'Reconcile',
      'StatisticsLate',
      'StatisticsErrors',
      'StatisticsIncomplete',
    ]);
  });

  it('say what users notice and which section of the runbook helps', () => {
    for (const { description } of alarms) expect(description).toMatch(runbookLink);
  });

  it('link every section of the runbook except procedures, and only existing ones', () => {
    const linked = new Set(alarms.map(({ description }) => runbookLink.exec(description)?.[2]));

    // No alarm leads to these; operators start them.
    const procedures = ['restore', 'admin-token', 'application-removed', 'credentials-unreadable'];
    expect([...linked, ...procedures].sort()).toEqual(sections.sort());
  });

  it('have a runbook whose internal links work', () => {
    const links = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map(([, section]) => section);

    expect(links.length).toBeGreaterThan(5);
    for (const section of links) expect(sections).toContain(section);
  });

  it('notify the topic when they start and end, and stay quiet without data', () => {
    const topic = [{ Ref: ofType(dev, 'AWS::SNS::Topic')[0]?.[0] }];

    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        AlarmActions: topic,
        OKActions: topic,
        TreatMissingData: alarm.name === 'SchedulerSilent' ? 'breaching' : 'notBreaching',
      });
      expect(alarm).not.toHaveProperty('AlarmName');
    }
  });

  it('count failures that do not fail an invocation', () => {
    const watched = (name: string) => JSON.stringify(alarms.find((alarm) => alarm.name === name));

    expect(watched('DeliverErrors')).toContain('"DeliverErrors"');
    expect(watched('BackgroundErrors')).toContain('"FanOutErrors"');
    expect(watched('BackgroundErrors')).toContain('"SchedulerErrors"');
    expect(watched('BackgroundErrors')).toContain('"TaskErrors"');
    expect(watched('Quarantined')).toContain('"MessagesQuarantined"');
    expect(watched('Quarantined')).toContain('"QuarantineErrors"');
    expect(watched('Reconcile')).toContain('"DeliveriesReconciled"');
  });

  it('watch all deliver functions and both tables', () => {
    const watched = (name: string) => JSON.stringify(alarms.find((alarm) => alarm.name === name));

    for (const queueClass of ['High', 'Normal', 'Low', 'Retry', 'Slow']) {
      expect(watched('DeliverErrors')).toContain(`Hook0Deliver${queueClass}Function`);
      expect(watched('DeliverThrottled')).toContain(`Hook0Deliver${queueClass}Function`);
    }
    for (const table of ['Hook0ConfigTable', 'Hook0EventTable', 'GlobalSecondaryIndexName'])
      expect(watched('TablesThrottled')).toContain(table);
  });
});

describe('the alarm topic', () => {
  it('sends mail only when an address is set', () => {
    dev.template.resourceCountIs('AWS::SNS::Subscription', 0);
    synthesized({ alarmEmail: 'oncall@shop.example' }).template.hasResourceProperties(
      'AWS::SNS::Subscription',
      {
        Protocol: 'email',
        Endpoint: 'oncall@shop.example',
      },
    );
  });
});

describe('metrics that functions write', () => {
  // The body of the dashboard is JSON inside JSON.
  const shown = JSON.stringify([...ofType(dev, 'AWS::CloudWatch::Dashboard'), ...alarms]).replaceAll(
    '\\',
    '',
  );
  const named = shown.matchAll(/"Hook0","(\w+)"|"MetricName":"(\w+)","Namespace":"Hook0"/g);
  const names = new Set([...named].map(([, inDashboard, inAlarm]) => inDashboard ?? inAlarm ?? ''));
  const folders = ['lambdas', 'adapters'].map((name) =>
    fileURLToPath(new URL(`../../${name}`, import.meta.url)),
  );

  it.each([...names])('%s is written by a function', (name) => {
    const sources = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(folder, file)),
    );
    const writers = sources.filter((file) => readFileSync(file, 'utf8').includes(`'${name}'`));

    expect(writers).not.toEqual([]);
  });
});

describe('the dashboard', () => {
  it('shows every queue', () => {
    const body = JSON.stringify(ofType(dev, 'AWS::CloudWatch::Dashboard'));

    for (const [queue] of ofType(dev, 'AWS::SQS::Queue')) expect(body).toContain(`"${queue}"`);
  });
});
