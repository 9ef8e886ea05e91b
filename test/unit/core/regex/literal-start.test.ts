import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalStart } from '#core/regex/literal-start.ts';
import { re2 } from '#core/regex/re2.ts';

describe('the text that every match begins with', () => {
  it.each([
    ['^customer-number-12(-[a-z]+)?$', 'customer-number-12'],
    ['order', 'order'],
    ['^order$', 'order'],
    ['user.{0,20}failed', 'user'],
    ['ab?c', 'a'],
    ['ab*c', 'a'],
    ['ab+c', 'a'],
    ['ab{0}c', 'a'],
    ['a?', ''],
    ['a|b', ''],
    ['(a|b)c', ''],
    ['ab(c|d)', 'ab'],
    ['ab[|]c', 'ab'],
    ['ab[]|]c', 'ab'],
    ['ab[^]|]c', 'ab'],
    ['ab\\|c', 'ab'],
    ['ab\\Qc|d\\E', ''],
    ['(?i)abc', ''],
    ['', ''],
    ['^', ''],
    ['x'.repeat(100), 'x'.repeat(32)],
  ])('of %s is %j', (source, start) => expect(literalStart(source)).toBe(start));

  const piece = fc.constantFrom(
    'a',
    'b',
    'ab',
    '-',
    '|',
    '(',
    ')',
    '[ab]',
    '[^|]',
    '[]|]',
    '?',
    '*',
    '{0,2}',
  );
  const more = fc.constantFrom(
    '+',
    '\\|',
    '.',
    '^',
    '$',
    '(?i)',
    '(?:',
    '\\Q',
    '\\E',
    '[[:alpha:]|]',
    '\\pL',
    '1',
  );

  it('is in every text that matches', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, more), { maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-', '|', '1'), maxLength: 8 }),
        (pieces, text) => {
          const source = pieces.join('');
          let isMatch: boolean;
          try {
            isMatch = re2.compile(source).test(text);
          } catch {
            // No expression at all: it cannot be saved.
            return;
          }
          if (isMatch) expect(text).toContain(literalStart(source));
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
