import { describe, expect, it } from 'vitest';
import { scanJson } from '#core/validation/scan-json.ts';

const scan = (text: string, maxLevels = 64) => scanJson(text, maxLevels, (scanner) => scanner.value());

describe('a JSON text', () => {
  it('may have as many levels as are accepted', () => {
    const levels = (count: number) => `${'['.repeat(count)}${']'.repeat(count)}`;
    expect(scan(levels(64)).levels).toBe(64);
    expect(() => scan(levels(65))).toThrow('json_too_deep: the body nests more than 64 levels');
  });

  it.each([
    ['{"a":}', "unexpected '}' at position 5 (line 1, column 6)"],
    ['{\n "a": 1,\n}', "unexpected '}' at position 11 (line 3, column 1)"],
    ['{"a":"\u0007"}', 'unexpected U+0007 at position 6 (line 1, column 7)'],
    ['[1', 'it ends too early at position 2 (line 1, column 3)'],
    ['[] []', "unexpected '[' at position 3 (line 1, column 4)"],
  ])('%j is refused by the place of its error', (text, detail) => {
    expect(() => scan(text)).toThrow(`invalid_json: the body is not JSON: ${detail}`);
  });
});
