import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FilterBudget } from '#core/filter/budget.ts';
import { compileFilter } from '#core/filter/compile.ts';
import { type Condition, type Filter, filterLimits, operators } from '#core/filter/filter.ts';
import { filterProblems } from '#core/filter/validate.ts';
import { re2 } from '#core/regex/re2.ts';
import type { Route } from '#core/routing/route.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { anEvent } from '#test/support/config-fixtures.ts';
import { hostile, letters, longest, regex, stepsOf } from './expensive.ts';

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
    const tooExpensive: string[] = [];
    const matches = index.match(anEvent('a', payload), (ids) => tooExpensive.push(...ids));
    return { found: matches.map(({ endpointId }) => endpointId), tooExpensive };
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
      expect(wanted).toEqual({ found: [`ep_${n}`], tooExpensive: [] });
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
    const tooExpensive: string[] = [];
    const matches = index.match(anEvent('a', { text: letters }), (ids) => tooExpensive.push(...ids));
    expect(matches).toEqual([{ endpointId: 'ep_0' }, { endpointId: 'ep_1' }]);
    expect(tooExpensive).toEqual(['ep_old']);
    expect(tested).toEqual(['^a', '^a']);
    // It stands as it was saved, and tries what is short.
    const shorter = { text: `a${'b'.repeat(900)}c` };
    expect(match([old], shorter)).toEqual({ found: ['ep_old'], tooExpensive: [] });
  });

  it('takes nothing from cheap filters for expensive ones, whichever come first', () => {
    const expensive = Array.from({ length: 100 }, (_, n) => ({ ...old, endpointId: `ep_expensive_${n}` }));
    // Together they take all that there is, whichever comes first.
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
      [...expensive, ...heavy, ...cheap],
      [...cheap, ...heavy, ...expensive],
    ]) {
      const { found, tooExpensive } = match(routes, { text: letters, short: 'ab' });
      expect(found).toEqual(['last_1', 'last_2', 'last_3']);
      expect(tooExpensive).toEqual(expect.arrayContaining(expensive.map(({ endpointId }) => endpointId)));
    }
  });

  it('counts expensive filters together, for each event alone, and decides the same on every machine', () => {
    const text = { text: letters };
    expect(match(routesOf(3, regex(hostile(20))), text)).toEqual({ found: [], tooExpensive: [] });
    const routes = routesOf(10, regex(hostile(20)));
    const { tooExpensive } = match(routes, text);
    expect(tooExpensive.length).toBeGreaterThan(3);
    expect(match(routes.toReversed(), text).tooExpensive).toEqual(tooExpensive);
    expect(match(routes, { text: 'short' }).tooExpensive).toEqual([]);
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
    const expensive = Array.from({ length: 100 }, (_, n) => regex(`^(?:${n}|${'abc|'.repeat(200)}d)$`));
    const routes = expensive.flatMap((condition, n) => [
      { endpointId: `ep_${n}`, patterns: ['*'], filters: { conditions: [condition] } },
    ]);
    expect(match(routes, shortly).tooExpensive.length).toBeGreaterThan(10);
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
    expect(match(routesOf(count, condition), payload).tooExpensive).not.toEqual([]);
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
