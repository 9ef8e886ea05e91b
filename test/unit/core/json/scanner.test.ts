import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidJson, JsonScanner, type Range, TooManyLevels } from '#core/json/scanner.ts';
import { json } from './json-text.ts';

function scan(text: string, maxLevels = 1_000) {
  const scanner = new JsonScanner(text, maxLevels);
  const value = scanner.value();
  scanner.end();
  return value;
}

/** Where a text stops being JSON; undefined for JSON. */
function errorPosition(text: string): number | undefined {
  try {
    scan(text);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidJson) return error.position;
    throw error;
  }
}

/** The ranges of the elements of an array. */
function elements(text: string): Range[] {
  const scanner = new JsonScanner(text, 1_000);
  const found: Range[] = [];
  scanner.value(() => found.push(scanner.value()));
  return found;
}

const cut = (text: string, range: Range): string => text.slice(range.start, range.end);

const pieces = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '"a"',
    '1',
    '-',
    '0.5e3',
    'true',
    'null',
    ' ',
    '\n',
    '\t',
    '\ufeff',
  ],
  ...[
    'u00e9',
    'x',
    '\u0000',
    '\u2028',
    '\u00a0',
    '.',
    'e',
    '0',
    '+',
    '1.0',
    '-0',
    '\\u12G4',
    '\\b',
    '\\x',
    '\ud800',
  ],
);

const texts = fc.oneof(
  fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')),
  fc.json(),
  fc.tuple(fc.json(), fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
  // One character is replaced, or one piece comes between.
  fc.tuple(fc.json(), fc.nat(), pieces, fc.nat(1)).map(([text, at, piece, replaced]) => {
    const position = at % (text.length + 1);
    return text.slice(0, position) + piece + text.slice(position + replaced);
  }),
);

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('the JSON scanner', () => {
  it.each([
    ['', 0],
    ['{', 1],
    ['{"a"}', 4],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ['[1 2]', 3],
    ['[1,]', 3],
    ['tru', 0],
    ['01', 1],
    ['1.', 1],
    ['"a', 2],
    ['"\\x"', 1],
    ['"\n"', 1],
    ['{} x', 3],
    ["{'a':1}", 1],
  ])('finds where %j breaks', (text, position) => {
    expect(errorPosition(text)).toBe(position);
  });

  it('accepts the texts that JSON.parse accepts, and no others', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(errorPosition(text) === undefined).toBe(isJson);
      }),
      { numRuns: 5_000 },
    );
  });

  it('finds every element of any array, exactly', () => {
    fc.assert(
      fc.property(json.array, ({ text, parts }) => {
        expect(elements(text).map((range) => cut(text, range))).toEqual(parts);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves nothing out: ranges and what lies between them make up the text', () => {
    fc.assert(
      fc.property(json.array, ({ text }) => {
        const ranges = elements(text);
        const gaps = [...ranges.map((r) => r.start), text.length].map((start, i) =>
          text.slice(i === 0 ? 0 : ranges[i - 1]?.end, start),
        );
        expect(gaps.every((gap) => /^[\s[\],]*$/.test(gap))).toBe(true);
        expect(gaps.reduce((all, gap, i) => all + gap + (ranges[i] ? cut(text, ranges[i]) : ''), '')).toBe(
          text,
        );
      }),
    );
  });

  it('counts the levels of a value, and of each part', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify([value, [], value], null, 1);
        const scanner = new JsonScanner(text, 10);
        const parts: number[] = [];
        const whole = scanner.value(() => parts.push(scanner.value().levels));
        expect(parts).toEqual([depthOf(value), 1, depthOf(value)]);
        expect(whole.levels).toBe(Math.max(2, 1 + depthOf(value)));
      }),
    );
  });

  it('stops at the first level too many, before it reads what lies behind', () => {
    expect(() => scan('['.repeat(1_000_000), 64)).toThrow(TooManyLevels);
    expect(() => scan('[[]', 1)).toThrow(TooManyLevels);
    expect(() => scan('[x', 1)).toThrow(InvalidJson);
  });

  it('stays linear on a string that is all backslashes and quotes', () => {
    const hostile = `"${'\\\\\\"'.repeat(500_000)}"`;
    expect(scan(hostile)).toEqual({ start: 0, end: hostile.length, levels: 0 });
  });
});
