import fc from 'fast-check';

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
export const json = fc.letrec<{ value: string; array: ArrayText; object: ObjectText }>((tie) => ({
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
