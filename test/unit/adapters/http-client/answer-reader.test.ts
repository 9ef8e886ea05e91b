import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader, type Reading } from '#adapters/http-client/answer-reader.ts';
import { endlessBodies, noises, notAnswers, oddAnswers } from '#test/support/odd-answers.ts';

const kilobytes64 = 64 * 1024;

/** Gives the reader the pieces until it has decided. */
function read(pieces: Iterable<Buffer>, ends = false): { reading: Reading; reader: AnswerReader } {
  const reader = new AnswerReader();
  let reading: Reading = { kind: 'more' };
  for (const piece of pieces) {
    reading = reader.push(piece);
    if (reading.kind !== 'more') return { reading, reader };
  }
  return { reading: ends ? reader.end() : reading, reader };
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The text in pieces of these lengths, and then the rest. */
function* cut(text: string, lengths: Iterable<number>): Generator<Buffer> {
  let rest = bytes(text);
  for (const length of lengths) {
    if (rest.length === 0) return;
    yield rest.subarray(0, length);
    rest = rest.subarray(length);
  }
  if (rest.length > 0) yield rest;
}

const endlessly = function* (start: string, piece: string, size: number): Generator<Buffer> {
  yield bytes(start);
  const chunk = bytes(piece.repeat(Math.ceil(size / piece.length)));
  for (;;) yield chunk;
};

describe('an odd answer', () => {
  it.each(oddAnswers)('is read as what it means: $what', (odd) => {
    const { reading } = read([bytes(odd.bytes)], odd.closes);
    expect(reading).toMatchObject({
      kind: 'answered',
      answer: { statusCode: odd.statusCode, ...(odd.body === undefined ? {} : { body: odd.body }) },
      reusableFor: odd.isKept ? Number.POSITIVE_INFINITY : 0,
    });
    if (reading.kind === 'answered') expect(reading.answer.headers).toMatchObject(odd.headers ?? {});
  });

  it.each(oddAnswers)('means the same however it is cut: $what', (odd) => {
    const whole = read([bytes(odd.bytes)], odd.closes).reading;
    const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(lengths, (pieces) => {
        const { reading } = read(cut(odd.bytes, pieces), odd.closes);
        // What follows an answer may come after it is complete; then the connection notices, and not the reader.
        expect(reading).toEqual({ ...whole, reusableFor: expect.any(Number) });
      }),
      { numRuns: 20 },
    );
  });

  it.each(notAnswers)('is refused: $what', ({ bytes: text, reason }) => {
    for (const pieces of [[bytes(text)], cut(text, Array(text.length).fill(1))]) {
      expect(read(pieces).reading).toEqual({ kind: 'invalid', reason: expect.stringMatching(reason) });
    }
  });
});

describe('an answer that breaks off', () => {
  const text = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfour';

  it('is broken, wherever it ends', () => {
    for (let length = 0; length < text.length; length += 1) {
      const { reading, reader } = read([bytes(text.slice(0, length))], true);
      expect(reading).toEqual({ kind: 'broken' });
      expect(reader.hasBegun).toBe(length > 0);
    }
  });

  it.each(['', '\r\n', '{}', 'SSH-2.0\r\n', 'HTTP/1.1 abc\r\n'])('has not begun with %j', (junk) => {
    expect(read([bytes(junk)], true).reader.hasBegun).toBe(false);
  });

  it('within its chunks is broken', () => {
    const chunks = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n';
    expect(read([bytes(chunks)], true).reading).toEqual({ kind: 'broken' });
  });
});

describe('what is read', () => {
  const sizes = [1, 1000, kilobytes64];

  it.each(noises)('is bounded before the final status: %s', (_what, start, piece) => {
    for (const size of sizes) {
      const { reading, reader } = read(endlessly(start, piece, size));
      expect(reading.kind).toBe('invalid');
      expect(reader.bytesRead).toBeLessThanOrEqual(start.length + kilobytes64 + size + piece.length);
    }
  });

  it.each(endlessBodies)('is bounded in a body with %s', (_what, start, piece) => {
    for (const size of sizes) {
      const { reading, reader } = read(endlessly(start, piece, size));
      expect(reading).toMatchObject({ kind: 'answered', answer: { statusCode: 200 }, reusableFor: 0 });
      expect(reader.bytesRead).toBeLessThanOrEqual(start.length + kilobytes64 + size + piece.length);
    }
  });

  it('may be 64 KB before the status, of headers and of body, and not a byte more', () => {
    const noise = (length: number) => '\n'.repeat(length - 'HTTP/1.1 200 OK\r\n'.length);
    const headers = (length: number) =>
      `x:${'a'.repeat(length - 'x:\r\ncontent-length: 65536\r\n\r\n'.length)}\r\n`;
    const answer = (before: number, head: number) =>
      `${noise(before)}HTTP/1.1 200 OK\r\n${headers(head)}content-length: 65536\r\n\r\n${'b'.repeat(kilobytes64)}`;
    const kind = (before: number, head: number) => read([bytes(answer(before, head))]).reading.kind;
    expect(kind(kilobytes64, kilobytes64)).toBe('answered');
    expect(kind(kilobytes64 + 1, kilobytes64)).toBe('invalid');
    expect(kind(kilobytes64, kilobytes64 + 1)).toBe('invalid');
  });
});

describe('a connection', () => {
  it.each([
    ['', Number.POSITIVE_INFINITY],
    ['connection: keep-alive\r\n', Number.POSITIVE_INFINITY],
    ['connection: close\r\n', 0],
    ['connection: x, Close\r\n', 0],
    ['keep-alive: timeout=5\r\n', 4000],
    ['keep-alive: max=100, timeout=60\r\n', 59_000],
    ['keep-alive: timeout=1\r\n', 0],
    ['keep-alive: timeout=0\r\n', 0],
    ['keep-alive: max=100\r\n', Number.POSITIVE_INFINITY],
  ])('may be kept after %j', (fields, reusableFor) => {
    const { reading } = read([bytes(`HTTP/1.1 200 OK\r\n${fields}content-length: 0\r\n\r\n`)]);
    expect(reading).toMatchObject({ kind: 'answered', reusableFor });
  });
});
