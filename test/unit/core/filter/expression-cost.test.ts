import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, type Filter, filterLimits } from '#core/filter/filter.ts';
import { regexProblems } from '#core/filter/validate.ts';
import { re2 } from '#core/regex/re2.ts';
import { hostile, letters, longest, regex, stepsOf } from './expensive.ts';

const saving = (...conditions: Condition[]) => regexProblems({ conditions }, re2);

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
    expect(saving(regex(source))).toEqual([]);
  });

  it.each([hostile(900), hostile(100), 'user.{0,200}failed', '(a[ab]{20}){10}c', '(?:a?){300}[bc]{9}d'])(
    'refuses the expression %s, and says what is accepted',
    (source) => {
      const [problem] = saving(regex('^a'), regex(source));
      expect(problem?.path).toEqual(['conditions', 1, 'value']);
      expect(problem?.message).toContain(`received the string "${source.slice(0, 30)}`);
      expect(problem?.message).toMatch(/may take \d+ steps where \d+ are left; accepted: /);
      expect(problem?.accepted).toContain(`at most ${filterLimits.steps} steps`);
    },
  );

  it('takes into account how long a text can be', () => {
    expect(saving(regex(hostile(900), 'type'), regex(hostile(900), 'source'))).toEqual([]);
    expect(saving(regex(hostile(900), 'payload'))).toHaveLength(1);
  });

  it('counts the expressions of a filter together, in groups too', () => {
    const half = regex(hostile(40));
    expect(saving(half)).toEqual([]);
    const group = { conditions: [half, { logic: 'OR' as const, conditions: [half] }] };
    expect(regexProblems(group, re2).map(({ path }) => path)).toEqual([
      ['conditions', 1, 'conditions', 0, 'value'],
    ]);
    expect(saving(...Array.from({ length: filterLimits.conditions }, () => regex('ERROR|FATAL')))).toEqual(
      [],
    );
  });

  it('holds for any text what it was taken for', () => {
    const source = fc.stringMatching(/^[ab.]{1,6}[*+?]?([|][ab]{1,3}){0,2}(a\[ab\]\{[1-9]\}c)?$/);
    fc.assert(
      fc.property(source, fc.stringMatching(/^[abc\n]{0,200}$/), (expression, text) => {
        const filter = { conditions: [regex(expression)] };
        expect(regexProblems(filter, re2)).toEqual([]);
        expect(stepsOf(filter, { text })).toBeLessThanOrEqual(filterLimits.steps);
      }),
    );
  });
});

describe('the steps of an expression', () => {
  it('do not depend on what was searched before', () => {
    const filter: Filter = { conditions: [regex(hostile(20))] };
    const fresh = stepsOf(filter, { text: letters });
    stepsOf(filter, { text: 'ab'.repeat(5_000) });
    expect(stepsOf(filter, { text: letters })).toBe(fresh);
  });

  it('are about one a character where the automaton is small, and its size where it is not', () => {
    const small = stepsOf({ conditions: [regex('ERROR|FATAL')] }, { text: letters });
    expect(small).toBeLessThan(2 * longest);
    const large = stepsOf({ conditions: [regex(hostile(900))] }, { text: letters.slice(0, 2_000) });
    expect(large).toBeGreaterThan(900 * 2_000);
  });

  it('grow no faster than the text', () => {
    for (const source of ['ERROR|FATAL', '(a+)+$', hostile(60), '^a']) {
      const { steps } = re2.compile(source);
      for (let length = 1; length < longest; length *= 2) {
        expect(steps(2 * length)).toBeGreaterThanOrEqual(steps(length));
        expect(steps(2 * length)).toBeLessThanOrEqual(2 * steps(length));
      }
    }
  });
});
