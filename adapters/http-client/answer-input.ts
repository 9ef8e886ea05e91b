/** The connection ended before the answer did. */
export class EndedEarly extends Error {}

/** The part of the answer that is being read is longer than it may be. */
export class TooLong extends Error {}

interface Line {
  /** Latin-1, without the line's end. */
  readonly text: string;
  /** It ended with CR LF, and had no other CR. */
  readonly isStrict: boolean;
}

const lineFeed = 10;
const carriageReturn = 13;

/**
 * The bytes of an answer, in the order in which they come. Its methods take what is there and return undefined when more
 * must come first; then they never scan a byte twice, so that an answer that drips costs as much as one that does not.
 *
 * @throws EndedEarly when more must come but the connection has ended; TooLong beyond the allowance
 */
export class AnswerInput {
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** Up to here there is no line feed. */
  #scanned = 0;
  #allowance = 0;
  #isOver = false;

  push(chunk: Buffer): void {
    if (this.#start === this.#end) {
      this.#bytes = chunk;
      this.#start = 0;
      this.#scanned = 0;
      this.#end = chunk.length;
      return;
    }
    if (this.#end + chunk.length > this.#bytes.length) this.#grow(chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  /** No more bytes will come. */
  end(): void {
    this.#isOver = true;
  }

  /** The next bytes may be this many, whatever was allowed before. */
  allow(bytes: number): void {
    this.#allowance = bytes;
  }

  get allowance(): number {
    return this.#allowance;
  }

  get isEmpty(): boolean {
    return this.#start === this.#end;
  }

  /** The next bytes up to this many, without taking them; fewer when fewer have come. */
  peek(count: number): string {
    return this.#bytes.toString('latin1', this.#start, Math.min(this.#end, this.#start + count));
  }

  /** Takes CR and LF bytes and returns how many there were. */
  skipLineEnds(): number {
    const from = this.#start;
    const limit = Math.min(this.#end, from + this.#allowance);
    let at = from;
    while (at < limit && (this.#bytes[at] === lineFeed || this.#bytes[at] === carriageReturn)) at += 1;
    this.#take(at - from);
    if (this.#allowance === 0) throw new TooLong();
    return at - from;
  }

  line(): Line | undefined {
    const found = this.#bytes.subarray(this.#scanned, this.#end).indexOf(lineFeed);
    const length = (found < 0 ? this.#end : this.#scanned + found + 1) - this.#start;
    if (length > this.#allowance) throw new TooLong();
    if (found < 0) {
      this.#scanned = this.#end;
      return this.#wait();
    }
    const from = this.#start;
    this.#take(length);
    const text = this.#bytes.toString('latin1', from, from + length - 1);
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    // A CR that ends no line is replaced by a space (RFC 9112 section 2.2).
    return { text: whole.replaceAll('\r', ' '), isStrict: whole !== text && !whole.includes('\r') };
  }

  /** At least one byte and at most `count`, which must be positive. */
  some(count: number): Buffer | undefined {
    if (this.#allowance === 0) throw new TooLong();
    const length = Math.min(this.#end - this.#start, count, this.#allowance);
    if (length === 0) return this.#wait();
    const from = this.#start;
    this.#take(length);
    return this.#bytes.subarray(from, from + length);
  }

  #wait(): undefined {
    if (this.#isOver) throw new EndedEarly();
    return undefined;
  }

  #take(length: number): void {
    this.#start += length;
    this.#scanned = Math.max(this.#scanned, this.#start);
    this.#allowance -= length;
  }

  #grow(more: number): void {
    const kept = this.#bytes.subarray(this.#start, this.#end);
    // Twice what is needed, so that many small chunks are not copied again each time.
    const grown = Buffer.allocUnsafe(2 * (kept.length + more));
    kept.copy(grown);
    this.#bytes = grown;
    this.#scanned -= this.#start;
    this.#start = 0;
    this.#end = kept.length;
  }
}
