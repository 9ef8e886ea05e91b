import { type AnswerBody, listOf, readBody, transferCodings } from './answer-body.ts';
import { type AnswerHead, beginsStatusLine, NotAnAnswer, readHead } from './answer-head.ts';
import { AnswerInput, EndedEarly, TooLong } from './answer-input.ts';

const maxHeaders = 50;
const maxHeaderCharacters = 8 * 1024;

export interface EndpointAnswer {
  /** Three digits, which may be outside of 100 to 599. */
  readonly statusCode: number;
  /** Lower-case names; repeated headers joined by a comma. At most 50 headers and 8 KB; Retry-After is never cut. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 1 KB as UTF-8 text. For an encoded body, which the request does not accept, a note replaces it. */
  readonly body: string;
  /** The body was longer than what is returned. */
  readonly bodyTruncated: boolean;
}

/** What the bytes so far are. */
export type Reading =
  | { readonly kind: 'more' }
  | {
      readonly kind: 'answered';
      readonly answer: EndpointAnswer;
      /** Milliseconds for which the connection may be kept for the next request; 0 if it must not be used again. */
      readonly reusableFor: number;
    }
  /** The connection ended before the answer did. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Reads one answer to a POST from the bytes of a connection (RFC 9112). An answer is complete as soon as its own bytes are
 * there, whatever follows them. It reads at most 64 KB before the final status, 64 KB of headers and 64 KB of body.
 */
export class AnswerReader {
  readonly #input = new AnswerInput();
  readonly #steps: Generator<void, { readonly head: AnswerHead; readonly body: AnswerBody }>;
  #hasStatusLine = false;
  #isFinal = false;
  #bytesRead = 0;

  constructor() {
    this.#steps = this.#read();
  }

  /** Bytes that were given to it. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** An answer has begun: a status line was read, or is being read. */
  get hasBegun(): boolean {
    return this.#hasStatusLine || beginsStatusLine(this.#input);
  }

  /** The final status is known. */
  get hasStatus(): boolean {
    return this.#isFinal;
  }

  push(chunk: Buffer): Reading {
    this.#bytesRead += chunk.length;
    this.#input.push(chunk);
    return this.#advance();
  }

  /** The connection has ended in order. */
  end(): Reading {
    this.#input.end();
    return this.#advance();
  }

  #advance(): Reading {
    try {
      const step = this.#steps.next();
      if (step.done !== true) return { kind: 'more' };
      const { head, body } = step.value;
      const isClean = head.isStrict && body.isDelimited && this.#input.isEmpty;
      return {
        kind: 'answered',
        answer: answerOf(head, body),
        reusableFor: isClean ? keptFor(head) : 0,
      };
    } catch (error) {
      if (error instanceof EndedEarly) return { kind: 'broken' };
      if (error instanceof TooLong) return { kind: 'invalid', reason: 'more than 64 KB before its body' };
      if (error instanceof NotAnAnswer) return { kind: 'invalid', reason: error.message };
      throw error;
    }
  }

  *#read() {
    const head = yield* readHead(this.#input, (statusCode) => {
      this.#hasStatusLine = true;
      this.#isFinal = statusCode < 100 || statusCode >= 200;
    });
    return { head, body: yield* readBody(this.#input, head) };
  }
}

/** How long the receiver keeps the connection: without a word about it, for ever. */
function keptFor(head: AnswerHead): number {
  if (listOf(head, 'connection').includes('close')) return 0;
  const [, seconds] = /(?:^|[\s,;])timeout\s*=\s*(\d{1,9})/.exec(listOf(head, 'keep-alive').join(',')) ?? [];
  // A second less, because the receiver may close while a request is on its way.
  return seconds === undefined ? Number.POSITIVE_INFINITY : Math.max(0, (Number(seconds) - 1) * 1000);
}

function answerOf(head: AnswerHead, { start, length }: AnswerBody): EndpointAnswer {
  const codings = [...listOf(head, 'content-encoding'), ...transferCodings(head)].filter(
    (coding) => coding !== 'identity' && coding !== 'chunked' && coding !== '',
  );
  const bodyTruncated = length > start.length;
  // Streaming omits a character that was cut in two.
  const text = new TextDecoder().decode(start, { stream: bodyTruncated });
  const body =
    codings.length === 0 || length === 0 ? text : `(${codings.join(', ').slice(0, 40)}, not decoded)`;
  return { statusCode: head.statusCode, headers: keptHeaders(head.fields), body, bodyTruncated };
}

function keptHeaders(fields: AnswerHead['fields']): Record<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    const known = all.get(lower);
    all.set(lower, known === undefined ? value : `${known}, ${value}`);
  }
  // The time of the next attempt depends on Retry-After, so it must not be cut, however many other headers there are.
  const ordered = [...all].sort(([a], [b]) => Number(b === 'retry-after') - Number(a === 'retry-after'));
  const kept: [string, string][] = [];
  let characters = 0;
  for (const [name, value] of ordered) {
    characters += name.length + value.length;
    if (kept.length === maxHeaders || characters > maxHeaderCharacters) break;
    kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}
