/** Where a value lies in a text: from `start` up to, not including, `end`, without the whitespace around it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A value that was read. */
export interface ScannedValue extends Range {
  /** How many levels of arrays and objects it has: `1` has none, `[]` one, `[{}]` two. */
  readonly levels: number;
}

/** A text that is not JSON. */
export class InvalidJson extends Error {
  override readonly name = 'InvalidJson';
  /** The index of the first wrong character; the text's length when the text ends too early. */
  readonly position: number;

  constructor(position: number) {
    super(`not JSON at position ${position}`);
    this.position = position;
  }
}

/** Arrays and objects nest more levels than the scanner accepts. */
export class TooManyLevels extends Error {
  override readonly name = 'TooManyLevels';
}

/** Called before each member of an object with its key, and before each element of an array with its index. */
type VisitPart = (at: string | number) => void;

// Numbers instead of one-character strings, because each character of a body is compared.
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const space = 0x20;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

/**
 * Reads a JSON text (RFC 8259) once, from its first character to its last. It accepts the texts that `JSON.parse`
 * accepts, makes no values, and calls itself for each level, so that the limit of levels bounds the stack.
 */
export class JsonScanner {
  readonly #text: string;
  readonly #maxLevels: number;
  #position = 0;
  #level = 0;
  /** The deepest level since the value began that is being read. */
  #deepest = 0;

  constructor(text: string, maxLevels: number) {
    this.#text = text;
    this.#maxLevels = maxLevels;
  }

  /**
   * Reads the next value.
   *
   * @param visit reads the part that comes next, by one call of `value`
   * @throws InvalidJson, TooManyLevels
   */
  value(visit?: VisitPart): ScannedValue {
    this.#next();
    const start = this.#position;
    const deepestBefore = this.#deepest;
    this.#deepest = this.#level;
    this.#read(visit);
    const levels = this.#deepest - this.#level;
    this.#deepest = Math.max(this.#deepest, deepestBefore);
    return { start, end: this.#position, levels };
  }

  /** @throws InvalidJson when something follows the value */
  end(): void {
    this.#next();
    if (this.#position < this.#text.length) throw new InvalidJson(this.#position);
  }

  #read(visit: VisitPart | undefined): void {
    const first = this.#next();
    if (first === quote) this.#readString();
    else if (first === openBrace) this.#readObject(visit);
    else if (first === openBracket) this.#readArray(visit);
    else this.#position = this.#after(scalar, this.#position);
  }

  #readObject(visit: VisitPart | undefined): void {
    this.#open();
    if (this.#next() !== closeBrace) {
      do {
        const key = this.#readKey(visit !== undefined);
        this.#expect(colon);
        if (visit === undefined) this.#read(undefined);
        else visit(key);
      } while (this.#take(comma));
    }
    this.#expect(closeBrace);
    this.#level -= 1;
  }

  #readArray(visit: VisitPart | undefined): void {
    this.#open();
    if (this.#next() !== closeBracket) {
      let index = 0;
      do {
        if (visit === undefined) this.#read(undefined);
        else visit(index);
        index += 1;
      } while (this.#take(comma));
    }
    this.#expect(closeBracket);
    this.#level -= 1;
  }

  #open(): void {
    this.#position += 1;
    this.#level += 1;
    if (this.#level > this.#maxLevels) throw new TooManyLevels();
    if (this.#level > this.#deepest) this.#deepest = this.#level;
  }

  /** Skips whitespace and returns the character after it; NaN at the end. */
  #next(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (code !== space && code !== lineFeed && code !== carriageReturn && code !== tab) return code;
      this.#position += 1;
    }
  }

  #take(code: number): boolean {
    if (this.#next() !== code) return false;
    this.#position += 1;
    return true;
  }

  #expect(code: number): void {
    if (!this.#take(code)) throw new InvalidJson(this.#position);
  }

  /** Keys are compared as they read, so `"a"` and `"\u0061"` are the same. */
  #readKey(isWanted: boolean): string {
    if (this.#next() !== quote) throw new InvalidJson(this.#position);
    const start = this.#position;
    this.#readString();
    if (!isWanted) return '';
    const raw = this.#text.slice(start + 1, this.#position - 1);
    return raw.includes('\\') ? String(JSON.parse(this.#text.slice(start, this.#position))) : raw;
  }

  #readString(): void {
    let position = this.#position + 1;
    for (;;) {
      const code = this.#text.charCodeAt(position);
      if (code === quote) break;
      if (code === backslash) position = this.#after(escapeSequence, position);
      else if (code >= space) position += 1;
      else throw new InvalidJson(position);
    }
    this.#position = position + 1;
  }

  #after(pattern: RegExp, position: number): number {
    pattern.lastIndex = position;
    if (!pattern.test(this.#text)) throw new InvalidJson(position);
    return pattern.lastIndex;
  }
}
