import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as duplicates from '#core/json/duplicate-key.ts';
import { formatPointer } from '#core/json/pointer.ts';
import { JsonScanner } from '#core/json/scanner.ts';

const duplicateKey = (text: string) => duplicates.duplicateKey(new JsonScanner(text, 64));

describe('a key that an object has twice', () => {
  it.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"x":{"b":[0,{"c":1,"d":2,"c":3}]}}', '/x/b/1/c'],
    ['[[],[{"":1 , "" :2}]]', '/1/0/'],
    ['{"a/b~c":{"k":{},"k":{}}}', '/a~1b~0c/k'],
    ['{"__proto__":1,"__proto__":2}', '/__proto__'],
    ['{"a":{"b":1},"c":"b","a":0}', '/a'],
  ])('is found in %s', (text, pointer) => {
    expect(formatPointer(duplicateKey(text) ?? [])).toBe(pointer);
  });

  it.each([
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '{"a":["a","a"],"b":[]}',
    '1',
    '"{\\"a\\":1,\\"a\\":2}"',
  ])('is not found in %s', (text) => {
    expect(duplicateKey(text)).toBeUndefined();
  });

  it('is never found in what JSON.stringify wrote, and always once a member is repeated', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
        const text = JSON.stringify(value);
        expect(duplicateKey(text)).toBeUndefined();
        const key = Object.keys(value)[0] ?? '';
        expect(duplicateKey(`${text.slice(0, -1)},${JSON.stringify(key)}:0}`)).toEqual([key]);
      }),
    );
  });
});
