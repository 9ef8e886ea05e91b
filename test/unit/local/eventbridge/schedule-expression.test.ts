import { describe, expect, it } from 'vitest';
import { parseSchedule } from '#local/eventbridge/schedule-expression.ts';

const next = (expression: string, after: string) =>
  new Date(parseSchedule(expression)(Date.parse(after))).toISOString();

describe('schedules', () => {
  it.each([
    ['rate(1 minute)', '2026-03-01T10:00:30Z', '2026-03-01T10:01:30.000Z'],
    ['rate(2 hours)', '2026-03-01T10:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['cron(0 3 * * ? *)', '2026-03-01T03:00:00Z', '2026-03-02T03:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-03-01T03:16:00Z', '2026-03-01T03:30:00.000Z'],
    ['cron(30 8 ? * MON-FRI *)', '2026-02-27T09:00:00Z', '2026-03-02T08:30:00.000Z'],
    ['cron(0 0 29 FEB ? *)', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['cron(0 12 1,15 * ? *)', '2026-03-01T12:00:00Z', '2026-03-15T12:00:00.000Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each([
    'rate(1)',
    'every minute',
    'cron(0 3 * *)',
    'cron(60 3 * * ? *)',
    'cron(0 3 L * ? *)',
    'cron(0/x * * * ? *)',
  ])('refuses %s', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(/schedule/);
  });
});
