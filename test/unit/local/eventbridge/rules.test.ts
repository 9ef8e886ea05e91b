import { describe, expect, it } from 'vitest';
import { eventRulesOf } from '#local/eventbridge/rules.ts';

describe('rules of the template', () => {
  const context = (Properties: object) => ({
    template: {
      Resources: {
        Bus: { Type: 'AWS::Events::EventBus' },
        Rule: { Type: 'AWS::Events::Rule', Properties: { ...Properties } },
      },
    },
    stackName: 'S',
    ref: (id: string) => id,
    attribute: (id: string) => `arn:${id}`,
  });
  const Targets = [{ Arn: { 'Fn::GetAtt': ['Bus', 'Arn'] }, Id: 'T', InputPath: '$.detail' }];

  it('are those with a pattern, with their bus and targets resolved', () => {
    const rules = eventRulesOf(
      context({ EventPattern: { source: ['x'] }, EventBusName: { Ref: 'Bus' }, Targets }),
    );
    expect(rules).toEqual([
      {
        name: 'Rule',
        busName: 'Bus',
        pattern: { source: ['x'] },
        targets: [{ arn: 'arn:Bus', input: undefined, inputPath: '$.detail', inputTransformer: undefined }],
      },
    ]);
  });

  it('leave out schedules and disabled rules, and refuse an unknown matcher', () => {
    expect(eventRulesOf(context({ ScheduleExpression: 'rate(1 minute)', Targets }))).toEqual([]);
    expect(eventRulesOf(context({ EventPattern: { a: ['x'] }, State: 'DISABLED' }))).toEqual([]);
    expect(() => eventRulesOf(context({ EventPattern: { a: [{ cidr: 'x' }] } }))).toThrow(
      'Resources.Rule.Properties.EventPattern.a.0',
    );
  });
});
