import {
  afterString,
  asBrace,
  closeBrace,
  closeBracket,
  comma,
  isWhitespace,
  openBrace,
  openBracket,
  quote,
} from './characters.ts';

/** Where a value's text lies: from `start` up to, not including, `end`, without the whitespace around it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A member of an object: its key decoded, its value as it was written. */
export interface Member {
  readonly key: string;
  readonly value: Range;
}

/**
 * The members of the object that begins at `start` (whitespace before it is skipped), in the order written.
 * A key that was written twice is listed twice; `JSON.parse` keeps the last.
 *
 * For text that `JSON.parse` accepts: nothing else is checked again.
 *
 * @throws Error when what begins there is no object.
 */
export function members(text: string, start = 0): Member[] {
  const found: Member[] = [];
  let position = intoContainer(text, start, openBrace, 'an object');
  while (text.charCodeAt(position) === quote) {
    const afterKey = afterString(text, position);
    const key = decodeKey(text, position, afterKey);
    const valueStart = skipWhitespace(text, skipWhitespace(text, afterKey) + 1);
    const end = afterValue(text, valueStart);
    found.push({ key, value: { start: valueStart, end } });
    position = pastComma(text, end);
  }
  return found;
}

/**
 * The elements of the array at `range` (default: the whole text), in order.
 *
 * For text that `JSON.parse` accepts: nothing else is checked again.
 *
 * @throws Error when what begins there is no array.
 */
export function elements(text: string, range: Range = { start: 0, end: text.length }): Range[] {
  const found: Range[] = [];
  let position = intoContainer(text, range.start, openBracket, 'an array');
  while (position < range.end && text.charCodeAt(position) !== closeBracket) {
    const end = afterValue(text, position);
    found.push({ start: position, end });
    position = pastComma(text, end);
  }
  return found;
}

function intoContainer(text: string, start: number, opening: number, expected: string): number {
  const position = skipWhitespace(text, start);
  if (text.charCodeAt(position) !== opening) {
    const received = position < text.length ? JSON.stringify(text[position]) : 'the end of the text';
    throw new Error(`${expected} was expected at position ${position}, found ${received}`);
  }
  return skipWhitespace(text, position + 1);
}

/** The text of a key whose quotes are at `start` and before `end`. */
export function decodeKey(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? String(JSON.parse(text.slice(start, end))) : raw;
}

function pastComma(text: string, position: number): number {
  const next = skipWhitespace(text, position);
  return text.charCodeAt(next) === comma ? skipWhitespace(text, next + 1) : next;
}

function skipWhitespace(text: string, start: number): number {
  let position = start;
  while (isWhitespace(text.charCodeAt(position))) position += 1;
  return position;
}

function afterValue(text: string, start: number): number {
  const code = text.charCodeAt(start);
  if (code === quote) return afterString(text, start);
  if (code === openBrace || code === openBracket) return afterContainer(text, start);
  let position = start;
  while (position < text.length && !endsScalar(text.charCodeAt(position))) position += 1;
  return position;
}

const endsScalar = (code: number): boolean =>
  code === comma || code === closeBrace || code === closeBracket || isWhitespace(code);

// A counter instead of recursion: nesting costs no stack.
function afterContainer(text: string, start: number): number {
  let depth = 0;
  for (let position = start; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === quote) position = afterString(text, position) - 1;
    else if (code >= openBracket) {
      const brace = asBrace(code);
      if (brace === openBrace) depth += 1;
      else if (brace === closeBrace) {
        depth -= 1;
        if (depth === 0) return position + 1;
      }
    }
  }
  return text.length;
}
