// Comparing numbers keeps the scanners free of one-character strings, which matters once per character.
export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
const backslash = 0x5c;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

/** Turns `[` into `{` and `]` into `}` (they differ in one bit), so that one comparison finds both kinds. */
export const asBrace = (code: number): number => code | 0x20;

const space = 0x20;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** JSON's four whitespace characters (RFC 8259, section 2). */
export const isWhitespace = (code: number): boolean =>
  code === space || code === lineFeed || code === carriageReturn || code === tab;

/**
 * The position after the string that opens at `position`, or the text's length when it never closes.
 *
 * Jumps from quote to quote, which engines do many characters at a time; a quote after an odd run of
 * backslashes is part of the string. Runs never overlap, so the whole stays linear.
 */
export function afterString(text: string, position: number): number {
  let close = text.indexOf('"', position + 1);
  while (close !== -1) {
    let before = close - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    if ((close - before) % 2 === 1) return close + 1;
    close = text.indexOf('"', close + 1);
  }
  return text.length;
}
