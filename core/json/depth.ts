import { afterString, asBrace, closeBrace, openBrace, openBracket, quote } from './characters.ts';

/**
 * Whether arrays and objects nest at most `maxDepth` levels: `1` has depth 0, `[]` 1, `[{}]` 2.
 *
 * Takes any text, JSON or not, and never throws, so it can stand before the parser. Stops at the first
 * level too many. Brackets inside strings do not count.
 */
export function checkDepth(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === quote) position = afterString(text, position) - 1;
    else if (code >= openBracket) {
      const brace = asBrace(code);
      if (brace === openBrace) {
        depth += 1;
        if (depth > maxDepth) return false;
      } else if (brace === closeBrace) depth -= 1;
    }
  }
  return true;
}
