import { InvalidJson, JsonScanner, TooManyLevels } from '#core/json/scanner.ts';
import { Problem } from '#core/problem/problem.ts';

/**
 * Reads a JSON text once, from its first character to its last.
 *
 * @param read - reads the one value of the text.
 * @throws Problem: json_too_deep, invalid_json, which says where the text is wrong and quotes one character at most,
 * because the rest may be a secret
 */
export function scanJson<Result>(
  text: string,
  maxLevels: number,
  read: (scanner: JsonScanner) => Result,
): Result {
  const scanner = new JsonScanner(text, maxLevels);
  try {
    const result = read(scanner);
    scanner.end();
    return result;
  } catch (error) {
    if (error instanceof InvalidJson) throw invalidJson(text, error.position);
    if (error instanceof TooManyLevels) {
      throw new Problem('json_too_deep', {
        detail: `the body nests more than ${maxLevels} levels`,
        accepted: `at most ${maxLevels} levels of arrays and objects`,
      });
    }
    throw error;
  }
}

function invalidJson(text: string, position: number): Problem {
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  const what = position >= text.length ? 'it ends too early' : `unexpected ${describe(text, position)}`;
  return new Problem('invalid_json', {
    detail: `the body is not JSON: ${what} at position ${position} (line ${line}, column ${column})`,
    accepted: 'a JSON document (RFC 8259)',
  });
}

function describe(text: string, position: number): string {
  const code = text.codePointAt(position) ?? 0;
  const visible = code > 0x20 && code < 0x7f;
  return visible
    ? `'${String.fromCodePoint(code)}'`
    : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
