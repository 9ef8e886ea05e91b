import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '#core/filter/compile.ts';
import type { FilterableEvent } from '#core/filter/field.ts';
import { type Condition, type Filter, filterLimits, operators } from '#core/filter/filter.ts';
import { re2 } from '#core/regex/re2.ts';
import type { Metadata, Route, RouteChange } from '#core/routing/route.ts';
import { type Match, RoutingIndex } from '#core/routing/routing-index.ts';
import { patternMatches } from '../event/pattern-matches.ts';

const eventOf = (type: string, payload: unknown = {}): FilterableEvent => ({
  id: 'evt_1',
  type,
  source: 'shop',
  tags: ['urgent'],
  timestamp: '2026-03-01T12:00:00.000Z',
  payloadLength: JSON.stringify(payload).length,
  payload: () => payload,
});

const eq = (field: string, value: unknown): Filter => ({ conditions: [{ field, operator: 'eq', value }] });

const indexOf = (...routes: Route[]): RoutingIndex =>
  new RoutingIndex({ version: 1, applicationMetadata: {}, routes });

const ids = (matches: readonly Match[]): string[] => matches.map((match) => match.endpointId);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** The same by trying everything: what the index has to agree with. */
class NaiveMatcher {
  readonly #routes = new Map<string, Route>();
  #metadata: Metadata = {};

  apply(change: RouteChange): void {
    if (change.kind === 'endpoint') this.#routes.set(change.route.endpointId, change.route);
    if (change.kind === 'endpointRemoved') this.#routes.delete(change.endpointId);
    if (change.kind === 'application') this.#metadata = change.metadata;
  }

  match(event: FilterableEvent): Match[] {
    return [...this.#routes.values()]
      .filter((route) => route.patterns.some((pattern) => patternMatches(pattern, event.type)))
      .filter((route) =>
        compileFilter(route.filters ?? { conditions: [] }, re2)(event, {
          endpoint: route.metadata,
          application: this.#metadata,
        }),
      )
      .map(({ endpointId, priority }) => (priority ? { endpointId, priority } : { endpointId }))
      .sort((left, right) => (left.endpointId < right.endpointId ? -1 : 1));
  }
}

// Few words and values, so that random routes and events meet often.
const word = fc.constantFrom('a', 'b', 'order');
const eventType = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('.'));
const pattern = fc.oneof(
  eventType,
  eventType.map((type) => `${type}.*`),
  fc.constant('*'),
);
const value = fc.constantFrom<unknown[]>(0, -0, 1, 2, '1', 'a', '', true, null, [1], { a: 1 });
const reference = fc.constantFrom(`\${endpoint.metadata.m}`, `\${application.metadata.m}`);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    field: fc.constantFrom('type', 'source', 'payload.a', 'payload.b', 'payload.b.a'),
    operator: fc.constantFrom('eq' as const, ...operators),
    value: fc.oneof({ weight: 4, arbitrary: value }, reference),
  }),
  fc.record({
    field: fc.constantFrom('payload.a', 'payload.b'),
    operator: fc.constantFrom('in' as const, 'nin' as const),
    value: fc.array(fc.oneof({ weight: 4, arbitrary: value }, reference), { maxLength: 3 }),
  }),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.record(
    {
      logic: fc.constantFrom('AND' as const, 'OR' as const),
      conditions: fc.array(fc.oneof({ depthSize: 'small', maxDepth: 3 }, condition, tie('filter')), {
        maxLength: 3,
      }),
    },
    { requiredKeys: ['conditions'] },
  ),
}));
const metadata = fc.dictionary(fc.constantFrom('m', 'n'), value, { noNullPrototype: true });
const endpointId = fc.constantFrom('ep_1', 'ep_2', 'ep_3', 'ep_4', 'ep_10');
const route: fc.Arbitrary<Route> = fc.record(
  {
    endpointId,
    patterns: fc.array(pattern, { minLength: 1, maxLength: 4 }),
    filters: filter,
    priority: fc.constantFrom('high' as const, 'normal' as const, 'low' as const),
    metadata,
  },
  { requiredKeys: ['endpointId', 'patterns'] },
);
type Step = { change: RouteChange } | { event: FilterableEvent };
const change = fc.oneof(
  { weight: 5, arbitrary: route.map((of) => ({ kind: 'endpoint' as const, route: of })) },
  { weight: 2, arbitrary: endpointId.map((id) => ({ kind: 'endpointRemoved' as const, endpointId: id })) },
  { weight: 1, arbitrary: metadata.map((of) => ({ kind: 'application' as const, metadata: of })) },
);
const event = fc
  .tuple(eventType, fc.oneof(fc.dictionary(fc.constantFrom('a', 'b'), value), fc.jsonValue()))
  .map(([type, payload]) => eventOf(type, payload));
const steps: fc.Arbitrary<Step[]> = fc
  .array(fc.oneof(change, event), { maxLength: 40, size: 'max' })
  .map((all) => {
    let version = 0;
    return all.map((one) => {
      if (!('kind' in one)) return { event: one };
      version += 1;
      return { change: { version, ...one } };
    });
  });

describe('the routing index', () => {
  it('agrees with trying every endpoint, after any changes', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const index = new RoutingIndex();
        index.useRegexEngine(re2);
        const naive = new NaiveMatcher();
        for (const step of all) {
          if ('event' in step) {
            expect(index.match(step.event)).toEqual(naive.match(step.event));
          } else {
            expect(index.apply(step.change)).toBe('applied');
            naive.apply(step.change);
          }
        }
        // However it got there, it is what a fresh index of the same routes is.
        const fresh = new RoutingIndex(index.routes);
        expect(fresh.routes).toEqual(index.routes);
        expect(fresh.bytes).toBe(index.bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives each endpoint once, with its priority, in the order of ids', () => {
    const index = indexOf(
      { endpointId: 'ep_2', patterns: ['*', 'order.*', 'order.created'], priority: 'high' },
      { endpointId: 'ep_10', patterns: ['order.created'] },
      { endpointId: 'ep_1', patterns: ['invoice.*'] },
    );
    expect(index.match(eventOf('order.created'))).toEqual([
      { endpointId: 'ep_10' },
      { endpointId: 'ep_2', priority: 'high' },
    ]);
  });

  it('looks endpoints up by the value their filter asks for', () => {
    const routes = Array.from({ length: 500 }, (_, n) => ({
      endpointId: `ep_${n}`,
      patterns: ['*'],
      filters: {
        conditions: [
          { field: 'payload.customer', operator: 'eq' as const, value: n },
          { field: 'payload.text', operator: 'regex' as const, value: '.' },
        ],
      },
    }));
    const tried: string[] = [];
    const index = indexOf(...routes);
    index.useRegexEngine({
      compile: (source) => ({
        test: (text) => tried.push(source + text) > 0,
        cost: { preparation: 0, fixed: 0, perCharacter: 0 },
      }),
    });
    expect(ids(index.match(eventOf('a', { customer: 7, text: 'x' })))).toEqual(['ep_7']);
    expect(tried).toHaveLength(1);
  });

  it.each([
    ['a hundred patterns and a list of a hundred values', 20, 100, 100],
    ['ten patterns and a list of a hundred values', 40, 10, 100],
    ['one pattern and a list of ten values', 1_000, 1, 10],
  ])('takes no more memory than it says for endpoints with %s', (_, endpoints, patterns, values) => {
    const routes = Array.from({ length: endpoints }, (_, n) => ({
      endpointId: `ep_${n}`,
      patterns: Array.from({ length: patterns }, (_, p) => `order.p${p}`),
      filters: {
        conditions: [
          {
            field: 'payload.customer',
            operator: 'in' as const,
            value: Array.from({ length: values }, (_, v) => `customer-${n}-${v}`),
          },
        ],
      },
    }));
    const before = heapUsed();
    const index = indexOf(...routes);
    const measured = heapUsed() - before;
    expect(index.match(eventOf('order.p0', { customer: 'customer-7-3' }))).toEqual([{ endpointId: 'ep_7' }]);
    // What others in this process leave behind at the same time.
    const noise = 2_000_000;
    expect(measured).toBeLessThanOrEqual(index.bytes + noise);
  });

  it('takes no more memory for one endpoint than its filter could by itself, however its types and values multiply', () => {
    const value = Array.from({ length: filterLimits.elements }, (_, n) => String(n));
    const index = indexOf({
      endpointId: 'ep_1',
      patterns: Array.from({ length: 100 }, (_, n) => `order.p${n}`),
      filters: { conditions: [{ field: 'payload.n', operator: 'in', value }] },
    });
    expect(index.bytes).toBeLessThan(8 * filterLimits.totalBytes);
  });

  it('finds endpoints by a time in another zone', () => {
    const index = indexOf({
      endpointId: 'ep_1',
      patterns: ['*'],
      filters: eq('timestamp', '2026-03-01T21:00:00+09:00'),
    });
    expect(ids(index.match(eventOf('a')))).toEqual(['ep_1']);
  });

  it('forgets what an endpoint used to want', () => {
    const index = indexOf({ endpointId: 'ep_1', patterns: ['a', 'b'], filters: eq('payload.a', 1) });
    index.apply({ version: 2, kind: 'endpoint', route: { endpointId: 'ep_1', patterns: ['b'] } });
    expect(ids(index.match(eventOf('a', { a: 1 })))).toEqual([]);
    expect(ids(index.match(eventOf('b')))).toEqual(['ep_1']);
    index.apply({ version: 3, kind: 'endpointRemoved', endpointId: 'ep_1' });
    expect(ids(index.match(eventOf('b')))).toEqual([]);
    expect(index.bytes).toBe(new RoutingIndex().bytes);
  });

  it('uses new application metadata at once', () => {
    const index = indexOf({
      endpointId: 'ep_1',
      patterns: ['*'],
      filters: eq('payload.plan', `\${application.metadata.plan}`),
    });
    expect(ids(index.match(eventOf('a', { plan: 'pro' })))).toEqual([]);
    index.apply({ version: 2, kind: 'application', metadata: { plan: 'pro' } });
    expect(ids(index.match(eventOf('a', { plan: 'pro' })))).toEqual(['ep_1']);
  });

  it('takes the next change only', () => {
    const index = indexOf({ endpointId: 'ep_1', patterns: ['*'] });
    expect(index.apply({ version: 1, kind: 'endpointRemoved', endpointId: 'ep_1' })).toBe('stale');
    expect(index.apply({ version: 3, kind: 'endpointRemoved', endpointId: 'ep_1' })).toBe('gap');
    expect(ids(index.match(eventOf('a')))).toEqual(['ep_1']);
    expect(index.version).toBe(1);
    expect(index.apply({ version: 2, kind: 'endpointRemoved', endpointId: 'ep_1' })).toBe('applied');
    expect(index.version).toBe(2);
  });

  it('parses the payload once at most, and not at all for routes that do not read it', () => {
    let parsed = 0;
    const payload = () => {
      parsed += 1;
      return { a: 1 };
    };
    indexOf({ endpointId: 'ep_1', patterns: ['*'], filters: eq('source', 'shop') }).match({
      ...eventOf('a'),
      payload,
    });
    expect(parsed).toBe(0);
    const routes = ['ep_1', 'ep_2'].map((id) => ({
      endpointId: id,
      patterns: ['*'],
      filters: eq('payload.a', 1),
    }));
    expect(indexOf(...routes).match({ ...eventOf('a'), payload })).toHaveLength(2);
    expect(parsed).toBe(1);
  });

  it('asks for a regex engine only while a route has a regex', () => {
    const filters: Filter = { conditions: [{ field: 'type', operator: 'regex', value: '^a' }] };
    const index = indexOf({ endpointId: 'ep_1', patterns: ['*'] });
    expect(index.needsRegexEngine).toBe(false);
    index.apply({ version: 2, kind: 'endpoint', route: { endpointId: 'ep_2', patterns: ['*'], filters } });
    expect(index.needsRegexEngine).toBe(true);
    expect(() => index.match(eventOf('ab'))).toThrow('pass a RegexEngine');
    index.useRegexEngine(re2);
    expect(index.needsRegexEngine).toBe(false);
    expect(ids(index.match(eventOf('ab')))).toEqual(['ep_1', 'ep_2']);
    const other = indexOf({ endpointId: 'ep_2', patterns: ['*'], filters });
    other.apply({ version: 2, kind: 'endpointRemoved', endpointId: 'ep_2' });
    expect(other.needsRegexEngine).toBe(false);
  });
});
