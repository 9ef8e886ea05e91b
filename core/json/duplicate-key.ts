import { afterString, closeBrace, closeBracket, comma, openBrace, openBracket, quote } from './characters.ts';
import { decodeKey } from './ranges.ts';

/** An object that is being read, with the keys it had so far, or an array, which has none. */
interface Frame {
  readonly keys?: Set<string>;
  /** Where in it the scan is: a key, or an index. */
  at: string | number;
}

/**
 * The path of the first key that an object has twice; undefined when none has. `JSON.parse` keeps the last and says
 * nothing. Keys are compared as they read, so `"a"` and `"\u0061"` are the same.
 *
 * One pass over text that `JSON.parse` accepts: nothing else is checked again.
 */
export function duplicateKey(text: string): readonly (string | number)[] | undefined {
  const frames: Frame[] = [];
  let atKey = false;
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    const frame = frames.at(-1);
    if (code === quote) {
      const end = afterString(text, position);
      if (atKey && frame?.keys !== undefined) {
        const key = decodeKey(text, position, end);
        frame.at = key;
        if (frame.keys.has(key)) return frames.map(({ at }) => at);
        frame.keys.add(key);
        atKey = false;
      }
      position = end - 1;
    } else if (code === openBrace) {
      frames.push({ keys: new Set(), at: '' });
      atKey = true;
    } else if (code === openBracket) {
      frames.push({ at: 0 });
      atKey = false;
    } else if (code === closeBrace || code === closeBracket) {
      frames.pop();
      atKey = false;
    } else if (code === comma && frame !== undefined) {
      atKey = frame.keys !== undefined;
      if (typeof frame.at === 'number') frame.at += 1;
    }
  }
  return undefined;
}

/** Writes a path as a JSON pointer (RFC 6901). */
export const jsonPointer = (path: readonly (string | number)[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
