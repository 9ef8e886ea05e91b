import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentMap } from '#core/concurrency/recent-map.ts';

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
