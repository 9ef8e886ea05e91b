import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDepth } from '#core/json/depth.ts';
import { InvalidJson } from '#core/json/scanner.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('checkDepth', () => {
  it.each([
    ['1', 0],
    ['"[[["', 0],
    ['[]', 1],
    ['[{}]', 2],
    ['{"a":"}","b":[[]]}', 3],
    ['["\\"[", "\\\\", ["\\\\\\"[["]]', 2],
  ])('counts the levels of %s', (text, depth) => {
    expect(checkDepth(text, depth)).toBe(true);
    if (depth > 0) expect(checkDepth(text, depth - 1)).toBe(false);
  });

  it('agrees with the depth of the parsed value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(6), (value, limit) => {
        expect(checkDepth(JSON.stringify(value, null, 1), limit)).toBe(depthOf(value) <= limit);
      }),
    );
  });

  it('does not overflow on 100,000 levels', () => {
    expect(checkDepth('['.repeat(100_000) + ']'.repeat(100_000), 64)).toBe(false);
  });

  it.each(['[', '[] x', 'nothing'])('throws for %s, which is not JSON', (text) => {
    expect(() => checkDepth(text, 64)).toThrow(InvalidJson);
  });
});
