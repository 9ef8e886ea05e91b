import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elements, members, type Range } from '#core/json/ranges.ts';

const whitespace = fc
  .array(fc.constantFrom(' ', '\n', '\r', '\t'), { maxLength: 3 })
  .map((characters) => characters.join(''));

const escaped = (text: string): string =>
  JSON.stringify(text).replace(/[a-z/]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const stringText = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ maxLength: 8 }),
    fc.constantFrom('\\"', '"\\', '{[,:'),
  )
  .chain((text) => fc.constantFrom(JSON.stringify(text), escapedSafely(text)));

// Only texts without JSON escapes may have their letters escaped: `\n` must not become `\\u006e`.
function escapedSafely(text: string): string {
  return JSON.stringify(text).includes('\\') ? JSON.stringify(text) : escaped(text);
}

const keyText = fc.oneof(stringText, fc.constantFrom('"a"', '"__proto__"'));

const scalarText = fc.oneof(
  stringText,
  fc.constantFrom('null', 'true', 'false', '1.0', '-0', '1e400', '12345678901234567890', '0.10E+05'),
);

interface ArrayText {
  readonly text: string;
  readonly parts: readonly string[];
}

interface ObjectText {
  readonly text: string;
  readonly entries: readonly (readonly [key: string, value: string])[];
}

/** Arbitrary JSON text: any nesting, keys possibly twice, whitespace wherever JSON allows it. */
const json = fc.letrec<{ value: string; array: ArrayText; object: ObjectText }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalarText,
    tie('array').map((array) => array.text.trim()),
    tie('object').map((object) => object.text.trim()),
  ),
  array: fc
    .tuple(whitespace, fc.array(fc.tuple(whitespace, tie('value'), whitespace), { maxLength: 5 }))
    .map(([around, items]) => ({
      text: `${around}[${items.map((item) => item.join('')).join(',') || around}]${around}`,
      parts: items.map(([, text]) => text),
    })),
  object: fc
    .tuple(whitespace, fc.array(fc.tuple(whitespace, keyText, whitespace, tie('value')), { maxLength: 5 }))
    .map(([around, entries]) => ({
      text: `${around}{${entries.map(([a, key, b, value]) => `${a}${key}${b}:${a}${value}${around}`).join(',') || around}}${around}`,
      entries: entries.map(([, key, , value]) => [key, value] as const),
    })),
}));

const cut = (text: string, range: Range): string => text.slice(range.start, range.end);

describe('members', () => {
  it('keeps the text of a value as it was written', () => {
    const text = ' { "payload" : 1.0 , "big":12345678901234567890}';
    expect(members(text).map((m) => [m.key, cut(text, m.value)])).toEqual([
      ['payload', '1.0'],
      ['big', '12345678901234567890'],
    ]);
  });

  it('finds every member of any object, in order, duplicates included', () => {
    fc.assert(
      fc.property(json.object, ({ text, entries }) => {
        const found = members(text);
        expect(found.map((m) => m.key)).toEqual(entries.map(([key]) => JSON.parse(key)));
        expect(found.map((m) => cut(text, m.value))).toEqual(entries.map(([, value]) => value));
      }),
      { numRuns: 1000 },
    );
  });

  // Not against JSON.parse: V8 may misread escaped keys (nodejs/node#63785), which these ranges must not.
  it('decodes keys, so that a key written in two ways is seen to be one', () => {
    const text = String.raw`{"a":1,"\\":2,"\"":3,"\u0061":4,"\/":5}`;
    expect(members(text).map((m) => [m.key, cut(text, m.value)])).toEqual([
      ['a', '1'],
      ['\\', '2'],
      ['"', '3'],
      ['a', '4'],
      ['/', '5'],
    ]);
  });

  it('starts at a position inside a larger text and stops at the end of that object', () => {
    const text = '[{"a":{"b":[1,"}"]}},{"c":2}]';
    const [first, second] = elements(text);
    expect(members(text, first?.start).map((m) => cut(text, m.value))).toEqual(['{"b":[1,"}"]}']);
    expect(members(text, second?.start).map((m) => m.key)).toEqual(['c']);
  });

  it('does not overflow on 100,000 nested levels', () => {
    const deep = `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    const [only] = members(`{"payload": ${deep} }`);
    expect(only?.value).toEqual({ start: 12, end: 12 + deep.length });
  });

  it.each([
    ['[1]', 'an object was expected at position 0, found "["'],
    ['  ', 'an object was expected at position 2, found the end of the text'],
  ])('refuses %j', (text, message) => {
    expect(() => members(text)).toThrow(message);
  });
});

describe('elements', () => {
  it('finds every element of any array, exactly', () => {
    fc.assert(
      fc.property(json.array, ({ text, parts }) => {
        expect(elements(text).map((range) => cut(text, range))).toEqual(parts);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads the array of a range', () => {
    const text = '{"events": [ {"type":"a"} , 2 ], "more": [3]}';
    const events = members(text).find((m) => m.key === 'events');
    expect(elements(text, events?.value).map((range) => cut(text, range))).toEqual(['{"type":"a"}', '2']);
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

  it('refuses anything but an array', () => {
    expect(() => elements('{"a":1}')).toThrow('an array was expected at position 0, found "{"');
  });
});
