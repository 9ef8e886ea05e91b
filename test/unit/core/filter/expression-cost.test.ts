import { describe, expect, it } from 'vitest';
import { mostSteps } from '#core/filter/cost.ts';
import { type Condition, filterLimits } from '#core/filter/filter.ts';
import { checkCost } from '#core/filter/validate.ts';
import { re2 } from '#core/regex/re2.ts';

const regex = (value: string, field = 'payload.text'): Condition => ({ field, operator: 'regex', value });
// An automaton for these has a state for each way to have seen the letters before: it cannot be built.
const hostile = (width: number): string => `a[ab]{${width}}[cd]`;

const check = (...conditions: Condition[]) => checkCost({ conditions }, { endpoint: {}, regex: re2 });
const stepsOf = (...conditions: Condition[]) => mostSteps(check(...conditions).cost);

describe('saving a filter', () => {
  it.each([
    '^BOOK-',
    'ERROR|FATAL',
    '(?i)error',
    '(a+)+$',
    '^[^@]+@example[.]com$',
    '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    'user.{0,20}failed',
    hostile(60),
    'a{500}',
  ])('takes the expression %s', (source) => {
    expect(check(regex(source)).problems).toEqual([]);
  });

  it.each([hostile(900), hostile(200), '(a[ab]{20}){10}c', '(?i)[^a]{200}b'])(
    'refuses the expression %s, and says what is accepted',
    (source) => {
      const [problem] = check(regex('^a'), regex(source)).problems;
      expect(problem?.path).toEqual(['conditions', 1, 'value']);
      expect(problem?.message).toMatch(
        /the filter takes up to \d+ steps .* \d+ of them because it received the string/,
      );
      expect(problem?.message).toContain(source.slice(0, 30));
      expect(problem?.message).toContain('begin an expression with ^ and limit its repetitions');
      expect(problem?.accepted).toContain(`at most ${filterLimits.steps} steps`);
    },
  );

  it('takes into account how long a text can be', () => {
    expect(check(regex(hostile(200), 'type')).problems).toEqual([]);
    expect(check(regex(hostile(200), 'payload')).problems).toHaveLength(1);
  });

  it('counts the conditions of a filter together, in groups too, and names the most expensive', () => {
    const half = regex(hostile(60));
    const group = { conditions: [regex('^a'), { logic: 'OR' as const, conditions: [half, half] }] };
    expect(checkCost(group, { endpoint: {}, regex: re2 }).problems.map(({ path }) => path)).toEqual([
      ['conditions', 1, 'conditions', 0, 'value'],
    ]);
    const many = Array.from({ length: filterLimits.conditions }, () => regex('ERROR|FATAL'));
    expect(check(...many).problems).toEqual([]);
  });

  it('reports an expression that is not valid, before what it costs', () => {
    const { problems } = check(regex('('), regex(hostile(900)));
    expect(problems.map(({ path }) => path)).toEqual([['conditions', 0, 'value']]);
  });
});

describe('what a condition costs', () => {
  it('is little for plain ones, more for long texts, and most for expressions that are never complete', () => {
    const equal = stepsOf({ field: 'payload.customer', operator: 'eq', value: 'customer-7' });
    const start = stepsOf(regex('^order-[0-9]{1,20}$'));
    const contained = stepsOf({ field: 'payload.text', operator: 'contains', value: 'urgent' });
    const found = stepsOf(regex('(?i)urgent'));
    const never = stepsOf(regex(hostile(20)));
    expect(equal).toBeLessThan(250);
    expect(contained).toBeLessThan(20_000);
    expect(start).toBeLessThan(50_000);
    expect(check(regex('^order-[0-9]{1,20}$')).cost.fixed).toBeLessThan(500);
    expect(found).toBeGreaterThan(contained);
    expect(found).toBeLessThan(60_000);
    expect(never).toBeGreaterThan(50 * found);
  });

  it('grows with the values and not with the event where values are compared', () => {
    const list = (length: number, text: string): Condition => ({
      field: 'payload.a',
      operator: 'in',
      value: Array.from({ length }, () => text),
    });
    expect(check(list(100, 'a')).cost.perCharacter).toBe(0);
    expect(stepsOf(list(100, 'a'))).toBeGreaterThan(stepsOf(list(10, 'a')));
    expect(stepsOf(list(100, 'a'.repeat(1_000)))).toBeGreaterThan(5 * stepsOf(list(100, 'a')));
  });

  it('depends on the metadata of the endpoint, and assumes the most of the application', () => {
    const compare = (owner: string): Condition => ({
      field: 'payload.a',
      operator: 'ne',
      value: `\${${owner}.metadata.value}`,
    });
    const filter = { conditions: [compare('endpoint')] };
    const withValue = (value: unknown) => mostSteps(checkCost(filter, { endpoint: { value } }).cost);
    const large = Array.from({ length: 2_000 }, () => 0);
    expect(withValue(large)).toBeGreaterThan(10 * withValue(1));
    expect(stepsOf(compare('application'))).toBeGreaterThan(withValue(large));
    const order: Condition = { ...compare('application'), operator: 'gte' };
    expect(stepsOf(order)).toBeLessThan(withValue(large) / 4);
  });
});
