import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FilterBudget } from '#core/filter/budget.ts';
import { compileFilter } from '#core/filter/compile.ts';
import { type Condition, type Filter, filterLimits, operators } from '#core/filter/filter.ts';
import { filterProblems, regexProblems } from '#core/filter/validate.ts';
import { re2 } from '#core/regex/re2.ts';
import type { Route } from '#core/routing/route.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { anEvent } from '#test/support/config-fixtures.ts';

const longest = 256 * 1024;
const regex = (value: string, field = 'payload.text'): Condition => ({ field, operator: 'regex', value });
const saving = (...conditions: Condition[]) => regexProblems({ conditions }, re2);

// An automaton for these has a state for each way to have seen the letters before: it cannot be built.
const hostile = (width: number): string => `a[ab]{${width}}[cd]`;
const letters = Array.from({ length: longest }, (_, n) => ((n * 7919) % 13 < 6 ? 'a' : 'b')).join('');

/** What trying a filter takes; the event's budget does not end it. */
function stepsOf(filter: Filter, payload: unknown, metadata: Record<string, unknown> = {}): number {
  const budget = new FilterBudget(Number.MAX_SAFE_INTEGER);
  compileFilter(filter, re2)(anEvent('a', payload), { endpoint: metadata }, budget);
  return budget.spent;
}

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

describe('what an event may cost', () => {
  const routesOf = (count: number, ...conditions: Condition[]): Route[] =>
    Array.from({ length: count }, (_, n) => ({
      endpointId: `ep_${n}`,
      patterns: ['*'],
      filters: { conditions },
    }));

  /** The ids of those that match, and of those that could not be tried. */
  function match(routes: readonly Route[], payload: unknown) {
    const index = new RoutingIndex({ version: 1, applicationMetadata: {}, routes });
    index.useRegexEngine(re2);
    const undecided: string[] = [];
    const matches = index.match(anEvent('a', payload), (ids) => undecided.push(...ids));
    return { found: matches.map(({ endpointId }) => endpointId), undecided };
  }

  const old: Route = {
    endpointId: 'ep_old',
    patterns: ['*'],
    filters: { conditions: [regex(hostile(900))] },
  };

  it('is little for thousands of expressions that each look for a name of their own', () => {
    const routes = Array.from({ length: 5_000 }, (_, n): Route => {
      const condition = regex(`^customer-number-${n}(-[a-z]+)?$`);
      return { endpointId: `ep_${n}`, patterns: ['*'], filters: { conditions: [condition] } };
    });
    for (const n of [0, 663, 2_500, 4_999]) {
      const wanted = match(routes, { text: `customer-number-${n}-abc` });
      expect(wanted).toEqual({ found: [`ep_${n}`], undecided: [] });
    }
  });

  it('leaves out an old filter that would search for seconds, without trying, and says so', () => {
    const tested: string[] = [];
    const index = new RoutingIndex({
      version: 1,
      applicationMetadata: {},
      routes: [...routesOf(2, regex('^a')), old],
    });
    index.useRegexEngine({
      compile: (source) => ({ ...re2.compile(source), test: () => tested.push(source) > 0 }),
    });
    const undecided: string[] = [];
    const matches = index.match(anEvent('a', { text: letters }), (ids) => undecided.push(...ids));
    expect(matches).toEqual([{ endpointId: 'ep_0' }, { endpointId: 'ep_1' }]);
    expect(undecided).toEqual(['ep_old']);
    expect(tested).toEqual(['^a', '^a']);
    // It stands as it was saved, and tries what is short.
    const shorter = { text: `a${'b'.repeat(900)}c` };
    expect(match([old], shorter)).toEqual({ found: ['ep_old'], undecided: [] });
  });

  it('takes nothing from cheap filters for dear ones, whoever comes first', () => {
    const dear = Array.from({ length: 100 }, (_, n) => ({ ...old, endpointId: `ep_dear_${n}` }));
    // Together they take all that there is, whoever of them comes first.
    const small = Array.from({ length: 20 }, (_, n): Route => {
      const condition: Condition = { field: 'payload.text', operator: 'contains', value: 'zz' };
      return { endpointId: `ep_small_${n}`, patterns: ['*'], filters: { conditions: [condition] } };
    });
    const heavy = [...routesOf(100, regex('ERROR|FATAL')), ...small];
    const cheap: Route[] = [
      { endpointId: 'last_1', patterns: ['*'], filters: { conditions: [regex('^[ab]', 'payload.short')] } },
      {
        endpointId: 'last_2',
        patterns: ['*'],
        filters: { conditions: [{ field: 'payload.text', operator: 'contains', value: 'ab' }] },
      },
      { endpointId: 'last_3', patterns: ['*'] },
    ];
    for (const routes of [
      [...dear, ...heavy, ...cheap],
      [...cheap, ...heavy, ...dear],
    ]) {
      const { found, undecided } = match(routes, { text: letters, short: 'ab' });
      expect(found).toEqual(['last_1', 'last_2', 'last_3']);
      expect(undecided).toEqual(expect.arrayContaining(dear.map(({ endpointId }) => endpointId)));
    }
  });

  it('counts dear filters together, for each event alone, and decides the same on every machine', () => {
    const text = { text: letters };
    expect(match(routesOf(3, regex(hostile(20))), text)).toEqual({ found: [], undecided: [] });
    const routes = routesOf(10, regex(hostile(20)));
    const { undecided } = match(routes, text);
    expect(undecided.length).toBeGreaterThan(3);
    expect(match(routes.toReversed(), text).undecided).toEqual(undecided);
    expect(match(routes, { text: 'short' }).undecided).toEqual([]);
  });

  it('tries whatever needs a few steps, however many there are', () => {
    const plain = Array.from(
      { length: filterLimits.conditions },
      (): Condition => ({ field: 'payload.text', operator: 'ne', value: 1 }),
    );
    expect(match(routesOf(2_000, ...plain), { text: 'x' }).found).toHaveLength(2_000);
  });

  it('counts making an expression once, and each time when there are more than can be kept', () => {
    const one = regex(hostile(5));
    const { preparation } = re2.compile(hostile(5));
    const shortly = { text: 'x' };
    const filterOf = (conditions: Condition[]): Filter => ({ logic: 'OR', conditions });
    const twice = stepsOf(filterOf([one, one]), shortly) - stepsOf(filterOf([one]), shortly);
    expect(twice).toBeLessThan(preparation);
    const many = Array.from({ length: 300 }, (_, n) => regex(`^y${n}$`));
    expect(stepsOf(filterOf([...many, ...many]), shortly) - 2 * stepsOf(filterOf(many), shortly)).toBeCloseTo(
      0,
    );
    const dear = Array.from({ length: 100 }, (_, n) => regex(`^(?:${n}|${'abc|'.repeat(200)}d)$`));
    const routes = dear.flatMap((condition, n) => [
      { endpointId: `ep_${n}`, patterns: ['*'], filters: { conditions: [condition] } },
    ]);
    expect(match(routes, shortly).undecided.length).toBeGreaterThan(10);
  });

  it('makes no expression for a text that is not there', () => {
    const made: string[] = [];
    const engine = {
      compile: (source: string) => {
        made.push(source);
        return re2.compile(source);
      },
    };
    const filter = compileFilter({ conditions: [regex('^a', 'payload.none'), regex('^b')] }, engine);
    expect(filter(anEvent('a', { text: 'b' }), {}, new FilterBudget())).toBe(false);
    expect(made).toEqual([]);
  });

  it('takes thousands of endpoints with expressions about short texts', () => {
    const { found } = match(routesOf(10_000, regex('^order-[0-9]+$')), { text: 'order-17' });
    expect(found).toHaveLength(10_000);
  });

  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, 0]));
  const repeated = 'a'.repeat(longest - 100);
  it.each<[string, Condition, unknown]>([
    [
      'a text that is compared again at every place',
      { field: 'payload.text', operator: 'contains', value: `${'a'.repeat(511)}b${'a'.repeat(511)}` },
      { text: repeated },
    ],
    [
      'large objects that are equal',
      { field: 'payload.wide', operator: 'eq', value: wide },
      { wide: { ...wide } },
    ],
    [
      'an object in a long list',
      { field: 'payload.list', operator: 'contains', value: { a: { b: 1 } } },
      { list: Array.from({ length: 20_000 }, () => ({ a: { b: 2 } })) },
    ],
  ])('bounds %s', (_, condition, payload) => {
    expect(filterProblems({ conditions: [condition] })).toEqual([]);
    const filter: Filter = { conditions: [condition] };
    expect(stepsOf(filter, payload)).toBeLessThan(filterLimits.steps);
    const count = Math.ceil(filterLimits.steps / stepsOf(filter, payload)) + 1;
    expect(match(routesOf(count, condition), payload).undecided).not.toEqual([]);
  });

  it('lists the names of a large object once, with however many values it is compared', () => {
    let listed = 0;
    const counting = new Proxy(wide, {
      ownKeys: (target) => {
        listed += 1;
        return Reflect.ownKeys(target);
      },
    });
    const value = Array.from({ length: 50 }, () => ({ a: 1 }));
    const condition: Condition = { field: 'payload.wide', operator: 'in', value };
    expect(match(routesOf(20, condition), { wide: counting }).found).toEqual([]);
    expect(listed).toBe(1);
  });

  it('never takes more steps than it may, whatever the filters and the payload', () => {
    const text = fc.constantFrom('a', 'ab', 'a'.repeat(1_000));
    const value = fc.oneof(text, fc.jsonValue(), fc.array(text, { maxLength: 5 }));
    const condition = fc.record({
      field: fc.constantFrom('payload', 'payload.a', 'payload.b', 'type', 'tags'),
      operator: fc.constantFrom(...operators),
      value,
    });
    const payload = fc.record({ a: value, b: fc.constantFrom(letters.slice(0, 5_000), wide, [wide, wide]) });
    fc.assert(
      fc.property(
        fc.array(condition, { maxLength: 10 }),
        payload,
        fc.nat(5_000),
        (conditions, body, limit) => {
          const budget = new FilterBudget(limit);
          const filter = compileFilter({ logic: 'OR', conditions }, re2);
          try {
            filter(anEvent('a', body), {}, budget);
            expect(budget.spent).toBeLessThanOrEqual(limit);
          } catch (error) {
            expect(error).toMatchObject({ name: 'OutOfSteps' });
          }
        },
      ),
    );
  });
});
