import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedKey, scanMembers } from '#core/json/members.ts';
import { JsonScanner, type Range } from '#core/json/scanner.ts';
import { json } from './json-text.ts';

const cut = (text: string, range: Range): string => text.slice(range.start, range.end);

const members = (text: string) => scanMembers(new JsonScanner(text, 200_000)).members;

describe('the members of an object', () => {
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

  it('are found beside a value of a thousand levels', () => {
    const deep = `${'[{"a":'.repeat(500)}1${'}]'.repeat(500)}`;
    const [only] = members(`{"payload": ${deep} }`);
    expect(only?.value).toMatchObject({ start: 12, end: 12 + deep.length });
  });

  it('are none for a value that is not an object', () => {
    expect(members('[{"a":1}]')).toEqual([]);
    expect(members(' 1 ')).toEqual([]);
  });

  it('tell which key is there twice', () => {
    expect(repeatedKey(members('{"a":1,"b":2,"\\u0062":3,"a":4}'))).toBe('b');
    expect(repeatedKey(members('{"a":1,"b":{"a":2}}'))).toBeUndefined();
  });
});
