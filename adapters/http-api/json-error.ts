/**
 * Where a text stops being JSON (RFC 8259): the index of the first character that cannot stand there, or the
 * text's length when it ends too early. Undefined for valid JSON.
 *
 * Only for texts that JSON.parse refused, whose own message gives no position for short texts and quotes a
 * piece of the body, which may be a secret. Nesting must have been bounded before: this recurses.
 */
export function jsonErrorPosition(text: string): number | undefined {
  let position = 0;
  try {
    value();
    skipBlanks();
    return position === text.length ? undefined : position;
  } catch (error) {
    if (error instanceof Unexpected) return error.position;
    throw error;
  }

  function value(): void {
    skipBlanks();
    const first = text[position];
    if (first === '{') object();
    else if (first === '[') array();
    else if (first === '"') string();
    else scalar();
  }

  function scalar(): void {
    const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
    literal.lastIndex = position;
    const match = literal.exec(text);
    if (match === null) throw new Unexpected(position);
    position += match[0].length;
  }

  function object(): void {
    position += 1;
    if (take('}')) return;
    do {
      skipBlanks();
      if (text[position] !== '"') throw new Unexpected(position);
      string();
      expect(':');
      value();
    } while (take(','));
    expect('}');
  }

  function array(): void {
    position += 1;
    if (take(']')) return;
    do value();
    while (take(','));
    expect(']');
  }

  function string(): void {
    const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
    for (position += 1; text[position] !== '"'; position += 1) {
      if (position >= text.length || text.charCodeAt(position) < 0x20) throw new Unexpected(position);
      if (text[position] !== '\\') continue;
      escaped.lastIndex = position;
      const match = escaped.exec(text);
      if (match === null) throw new Unexpected(position);
      position += match[0].length - 1;
    }
    position += 1;
  }

  function take(character: string): boolean {
    skipBlanks();
    if (text[position] !== character) return false;
    position += 1;
    return true;
  }

  function expect(character: string): void {
    if (!take(character)) throw new Unexpected(position);
  }

  function skipBlanks(): void {
    const blanks = /[ \t\r\n]*/y;
    blanks.lastIndex = position;
    position += blanks.exec(text)?.[0].length ?? 0;
  }
}

class Unexpected extends Error {
  readonly position: number;

  constructor(position: number) {
    super(`unexpected at ${position}`);
    this.position = position;
  }
}
