import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCache, RecentMap } from '#core/concurrency/cache.ts';

const key = fc.nat(5);
const use = fc.oneof(
  fc.record({ kind: fc.constant('get' as const), key }),
  fc.record({ kind: fc.constant('set' as const), key, value: fc.nat() }),
  fc.record({ kind: fc.constant('delete' as const), key }),
);

describe('a map of what was used last', () => {
  it('holds those that a list sorted by use would hold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(use), (capacity, uses) => {
        const map = new RecentMap<number, number>(capacity);
        // The least recently used first.
        let model: (readonly [number, number])[] = [];
        for (const one of uses) {
          const known = model.find(([of]) => of === one.key);
          const rest = model.filter(([of]) => of !== one.key);
          if (one.kind === 'get') {
            expect(map.get(one.key)).toBe(known?.[1]);
            model = known === undefined ? model : [...rest, known];
          } else if (one.kind === 'set') {
            map.set(one.key, one.value);
            model = [...rest, [one.key, one.value] as const].slice(-capacity);
          } else {
            map.delete(one.key);
            model = rest;
          }
        }
        for (const [of, value] of model) expect(map.get(of)).toBe(value);
        expect([0, 1, 2, 3, 4, 5].filter((of) => map.get(of) !== undefined)).toHaveLength(model.length);
      }),
    );
  });
});

describe('a cache', () => {
  it('asks once for all who want the same at the same time, and again for what it does not keep', async () => {
    const ask = createCache<number>({});
    let asked = 0;
    const next = async () => {
      asked += 1;
      return asked;
    };
    expect(await Promise.all([ask('a', 0, next), ask('a', 0, next), ask('b', 0, next)])).toEqual([1, 1, 2]);
    expect(await ask('a', 0, next)).toBe(3);
  });

  it('keeps an answer while it is good, by its age and by itself', async () => {
    const ask = createCache<number>({ capacity: 2, isGood: (value, age) => value > 0 && age < 10 });
    const given = [-1, 1, 2, 3];
    const next = async () => given.shift() ?? 0;
    expect(await ask('a', 0, next)).toBe(-1);
    expect(await ask('a', 0, next)).toBe(1);
    expect(await ask('a', 9, next)).toBe(1);
    expect(await ask('a', 10, next)).toBe(2);
  });

  it('does not keep a failure, and all who waited for it hear of it', async () => {
    const ask = createCache<number>({ capacity: 1 });
    const failing = () => Promise.reject(new Error('away'));
    const results = await Promise.allSettled([ask('a', 0, failing), ask('a', 0, failing)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask('a', 0, async () => 7)).toBe(7);
  });

  it('forgets what was not used for longest when the rest weighs more than it has room for', async () => {
    const ask = createCache<string>({ capacity: 4, weigh: (text) => text.length });
    const stored = (key: string, text: string) => ask(key, 0, async () => text);
    await stored('a', 'aa');
    await stored('b', 'bb');
    await stored('a', 'used');
    await stored('c', 'cc');
    expect(await stored('a', 'other')).toBe('aa');
    expect(await stored('b', 'other')).toBe('other');
    expect(await stored('d', 'too long to fit')).toBe('too long to fit');
    expect(await stored('d', 'other')).toBe('too long to fit');
  });
});
