import type { AnswerInput } from './answer-input.ts';

/** What came is not an HTTP answer. The message says why, as a phrase, without anything of the answer. */
export class NotAnAnswer extends Error {}

export interface AnswerHead {
  readonly statusCode: number;
  /** In the order in which they came, names as they were written. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /**
   * Each byte is as RFC 9112 wants it from an HTTP/1.1 sender. What follows a head that is not can be read in two ways, so
   * its connection is not used again.
   */
  readonly isStrict: boolean;
}

/** Bytes before the final status: empty lines and informational answers. */
const maxNoise = 64 * 1024;
const maxInformational = 10;
/** Bytes of the header lines of the final answer. */
const maxHead = 64 * 1024;

const start = 'HTTP/';
// RFC 9112 section 4 lets a client take any whitespace for the spaces, and servers leave out the last one.
const statusLine = /^HTTP\/(\d\.\d)[ \t\v\f]+(\d{3})(?:[ \t\v\f].*)?$/;
const strictStatusLine = /^HTTP\/1\.1 \d{3}(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)([ \t]*):(.*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that a value may not have
const control = /[\x00-\x08\x0a-\x1f\x7f]/g;

/** Whether what came and was not taken may become a status line. */
export const beginsStatusLine = (input: AnswerInput): boolean =>
  !input.isEmpty && start.startsWith(input.peek(start.length));

/**
 * Reads the head of the final answer. Informational answers before it are skipped, at most ten. It takes what RFC 9110 and
 * RFC 9112 let a client take: lines that end with LF alone, folded lines, whitespace before the colon and after the status
 * line, any HTTP/1 version. A line that is not a field is ignored, because the status is known without it.
 *
 * @param onStatus called with each status line
 */
export function* readHead(
  input: AnswerInput,
  onStatus: (statusCode: number) => void,
): Generator<void, AnswerHead> {
  let noise = maxNoise;
  for (let informational = 0; ; informational += 1) {
    input.allow(noise);
    const status = yield* readStatus(input);
    onStatus(status.statusCode);
    if (status.statusCode === 101) throw new NotAnAnswer('it switched protocols unasked');
    if (status.statusCode < 100 || status.statusCode >= 200) {
      input.allow(maxHead);
      const { fields, isStrict } = yield* readFields(input);
      return { statusCode: status.statusCode, fields, isStrict: status.isStrict && isStrict };
    }
    if (informational === maxInformational)
      throw new NotAnAnswer(`more than ${maxInformational} informational answers`);
    yield* readFields(input);
    noise = input.allowance;
  }
}

interface Status {
  readonly statusCode: number;
  readonly isStrict: boolean;
}

function* readStatus(input: AnswerInput): Generator<void, Status> {
  let skipped = 0;
  for (;;) {
    skipped += input.skipLineEnds();
    // Judged by its first bytes, because what is not HTTP may have no line end, and then the deadline would judge it.
    const begun = input.peek(start.length);
    if (!start.startsWith(begun)) throw new NotAnAnswer('it does not begin with "HTTP/"');
    const line = input.line();
    if (line !== undefined) {
      const [, version, code = ''] = statusLine.exec(line.text) ?? [];
      if (version === undefined) throw new NotAnAnswer('its status line cannot be read');
      const isStrict = skipped === 0 && line.isStrict && strictStatusLine.test(line.text);
      return { statusCode: Number(code), isStrict };
    }
    yield;
  }
}

function* readFields(input: AnswerInput): Generator<void, Pick<AnswerHead, 'fields' | 'isStrict'>> {
  const fields: [name: string, value: string][] = [];
  let isStrict = true;
  // The field that a folded line continues; undefined after a line that is not a field, whose continuation is ignored too.
  let last: [name: string, value: string] | undefined;
  for (;;) {
    const line = yield* nextLine(input);
    isStrict &&= line.isStrict;
    if (line.text === '') return { fields: fields.map(([name, value]) => [name, value.trim()]), isStrict };
    const text = line.text.replace(control, ' ');
    const [, name, space, value = ''] = /^[ \t]/.test(text) ? [] : (field.exec(text) ?? []);
    isStrict &&= name !== undefined && space === '' && text === line.text;
    if (name !== undefined) {
      last = [name, value];
      fields.push(last);
    } else if (/^[ \t]/.test(text)) {
      // obs-fold: RFC 9112 section 5.2
      if (last !== undefined) last[1] += ` ${text.trim()}`;
    } else {
      last = undefined;
    }
  }
}

export function* nextLine(input: AnswerInput): Generator<void, { text: string; isStrict: boolean }> {
  for (;;) {
    const line = input.line();
    if (line !== undefined) return line;
    yield;
  }
}
