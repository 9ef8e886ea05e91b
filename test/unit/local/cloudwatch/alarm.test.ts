import { describe, expect, it } from 'vitest';
import { type AlarmProperties, type AlarmState, readAlarm } from '#local/cloudwatch/alarm.ts';
import { compileMath, type Value } from '#local/cloudwatch/metric-math.ts';

const math = (expression: string, values: Readonly<Record<string, Value>> = {}) =>
  compileMath(expression)((name) => values[name]);

describe('metric math', () => {
  it.each<[string, Record<string, Value>, Value]>([
    ['1 + 2 * 3', {}, 7],
    ['(1 + 2) * 3', {}, 9],
    ['a + b', { a: 1 }, 1],
    ['a + b', {}, undefined],
    ['FILL(a, 0) + FILL(b, 0)', {}, 0],
    ['IF(a > 0, 100 * a / b, 0)', { a: 1, b: 4 }, 25],
    ['IF(a > 0, 100 * a / b, 0)', { a: 0, b: 4 }, 0],
    ['IF(a > 10 OR b > 3, 1, 0)', { a: 1, b: 4 }, 1],
    ['IF(a > 10 AND b > 3, 1, 0)', { a: 1, b: 4 }, 0],
    ['a >= 20', { a: 20 }, 1],
  ])('%s with %j', (expression, values, result) => {
    expect(math(expression, values)).toBe(result);
  });

  it.each(['a +', '(a', 'RATE(a)', 'a ; b', 'FILL(a)'])('refuses %s', (expression) => {
    expect(() => math(expression, { a: 1 })).toThrow();
  });
});

const properties = {
  TreatMissingData: 'notBreaching',
  ...{ Namespace: 'N', MetricName: 'M', Statistic: 'Sum', Period: 60 },
  ...{ Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
} as const;

/** @param values from the oldest period to the newest; `-` has no data */
function state(values: string, more: Partial<AlarmProperties>, before: AlarmState = 'OK'): AlarmState {
  const newestFirst = [...values].reverse();
  const alarm = readAlarm({ ...properties, EvaluationPeriods: 3, ...more });
  return alarm.evaluate((_, minutesAgo) => {
    const text = newestFirst[minutesAgo] ?? '-';
    return text === '-' ? undefined : Number(text);
  }, before);
}

// As AWS's table for three of three periods, "Configuring how CloudWatch alarms treat missing data": 0 is well, 1 is bad.
describe('an alarm of three periods', () => {
  it.each<[string, AlarmState, AlarmState]>([
    ['0-1-1', 'OK', 'OK'],
    ['-----', 'ALARM', 'OK'],
    ['0----', 'OK', 'OK'],
    ['011-1', 'ALARM', 'ALARM'],
    ['--1--', 'ALARM', 'OK'],
  ])('over %s', (values, breaching, notBreaching) => {
    const over = (TreatMissingData: string) => state(values, { TreatMissingData });
    expect([over('breaching'), over('notBreaching')]).toEqual([breaching, notBreaching]);
  });

  it('needs only so many as it says', () => {
    expect(state('0-1-1', { DatapointsToAlarm: 2 })).toBe('ALARM');
    expect(state('00010', { DatapointsToAlarm: 1 })).toBe('ALARM');
    expect(state('01000', { DatapointsToAlarm: 1 })).toBe('OK');
  });

  it('over a table of DynamoDB stays as it was while there is no data', () => {
    const table = { Namespace: 'AWS/DynamoDB' };
    expect(state('11---', table, 'ALARM')).toBe('ALARM');
    expect(state('11000', table, 'ALARM')).toBe('OK');
  });

  it('can ring below its threshold', () => {
    const below = { ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' };
    expect(state('-----', below)).toBe('ALARM');
    expect(state('11111', below)).toBe('OK');
    expect(state('111--', below)).toBe('OK');
  });

  it.each([{ ComparisonOperator: 'GreaterThanUpperThreshold' }, { Period: 300 }])(
    'refuses what it does not know: %j',
    (more) => {
      expect(() => state('1', more)).toThrow('not known here');
    },
  );
});
