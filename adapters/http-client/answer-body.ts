import { type AnswerHead, NotAnAnswer, nextLine } from './answer-head.ts';
import { type AnswerInput, EndedEarly, TooLong } from './answer-input.ts';

/** How much of a body is read, its framing included, before the connection is dropped. */
const maxBodyRead = 64 * 1024;
/** How much of it is kept. */
const maxBodyKept = 1024;

export interface AnswerBody {
  /** The first 1 KB. */
  readonly start: Buffer;
  /** Bytes that were read, without framing. */
  readonly length: number;
  /** The next answer on this connection begins right after this one. */
  readonly isDelimited: boolean;
}

type Framing =
  | { readonly kind: 'length'; readonly length: number; readonly isStrict: boolean }
  | { readonly kind: 'chunked'; readonly isStrict: boolean }
  | { readonly kind: 'until-close' };

const chunkLine = /^[ \t]*([0-9A-Fa-f]+)[ \t]*(?:;.*)?$/;

/** The elements of all fields of this name, in lower case. */
export function listOf({ fields }: AnswerHead, name: string): string[] {
  return fields
    .filter(([each]) => each.toLowerCase() === name)
    .flatMap(([, value]) => value.split(','))
    .map((element) => element.trim().toLowerCase());
}

/** The transfer codings of an answer. `identity`, which means none, comes from RFC 2616. */
export const transferCodings = (head: AnswerHead): string[] =>
  listOf(head, 'transfer-encoding').filter((coding) => coding !== 'identity' && coding !== '');

/**
 * Where the body of an answer to a POST ends: RFC 9112 section 6.3.
 *
 * @throws NotAnAnswer for lengths that differ or are not numbers
 */
function framingOf(head: AnswerHead): Framing {
  const { statusCode } = head;
  if (statusCode === 204 || statusCode === 304) return { kind: 'length', length: 0, isStrict: true };
  const lengths = listOf(head, 'content-length');
  const codings = transferCodings(head);
  if (codings.length > 0) {
    return codings.at(-1) === 'chunked'
      ? { kind: 'chunked', isStrict: lengths.length === 0 && codings.length === 1 }
      : { kind: 'until-close' };
  }
  const [length] = lengths;
  if (length === undefined) return { kind: 'until-close' };
  // The same length twice means that length (RFC 9110 section 8.6).
  if (!lengths.every((each) => /^\d+$/.test(each) && Number(each) === Number(length)))
    throw new NotAnAnswer('its Content-Length cannot be read');
  return { kind: 'length', length: Number(length), isStrict: lengths.length === 1 };
}

/** Reads a body to its end, or to 64 KB. */
export function* readBody(input: AnswerInput, head: AnswerHead): Generator<void, AnswerBody> {
  const framing = framingOf(head);
  const body = new KeptBody();
  input.allow(maxBodyRead);
  try {
    switch (framing.kind) {
      case 'length':
        yield* readBytes(input, framing.length, body);
        return body.read(framing.isStrict);
      case 'chunked':
        return body.read((yield* readChunks(input, body)) && framing.isStrict);
      case 'until-close':
        yield* readUntilClose(input, body);
        return body.read(false);
    }
  } catch (error) {
    // The status is known, and the rest of the body would be dropped anyway.
    if (error instanceof TooLong) return body.read(false);
    throw error;
  }
}

class KeptBody {
  readonly #kept: Buffer[] = [];
  #length = 0;

  add(bytes: Buffer): void {
    if (this.#length < maxBodyKept) this.#kept.push(bytes.subarray(0, maxBodyKept - this.#length));
    this.#length += bytes.length;
  }

  read(isDelimited: boolean): AnswerBody {
    return { start: Buffer.concat(this.#kept), length: this.#length, isDelimited };
  }
}

function* readBytes(input: AnswerInput, length: number, body: KeptBody): Generator<void, void> {
  for (let left = length; left > 0; ) {
    const bytes = input.some(left);
    if (bytes === undefined) {
      yield;
      continue;
    }
    body.add(bytes);
    left -= bytes.length;
  }
}

function* readUntilClose(input: AnswerInput, body: KeptBody): Generator<void, void> {
  try {
    yield* readBytes(input, Number.POSITIVE_INFINITY, body);
  } catch (error) {
    if (!(error instanceof EndedEarly)) throw error;
  }
}

/** @returns whether the end is as RFC 9112 section 7.1 wants it, so that the next answer can follow it */
function* readChunks(input: AnswerInput, body: KeptBody): Generator<void, boolean> {
  let isStrict = true;
  for (;;) {
    const line = yield* nextLine(input);
    const [, size] = chunkLine.exec(line.text) ?? [];
    if (size === undefined) throw new NotAnAnswer('the size of a chunk cannot be read');
    isStrict &&= line.isStrict;
    const length = Number.parseInt(size, 16);
    if (length === 0) return readTrailers(input) && isStrict;
    yield* readBytes(input, length, body);
    const end = yield* nextLine(input);
    if (end.text !== '') throw new NotAnAnswer('a chunk is longer than its size');
    isStrict &&= end.isStrict;
  }
}

/** Takes trailers that are there already, and does not wait for others, because the last chunk completes the body. */
function readTrailers(input: AnswerInput): boolean {
  try {
    for (;;) {
      const line = input.line();
      if (line === undefined || !line.isStrict) return false;
      if (line.text === '') return true;
    }
  } catch (error) {
    if (error instanceof EndedEarly || error instanceof TooLong) return false;
    throw error;
  }
}
