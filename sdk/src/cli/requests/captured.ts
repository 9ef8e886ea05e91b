import { UsageError } from '../shell/errors.ts';

/** A request as it was captured: its headers and the bytes of its body. */
export interface CapturedRequest {
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

/**
 * Reads a request as HTTP writes it: a request line or none, headers, an empty line, the body. When there is a
 * Content-Length, the body has this length, because editors add a line end.
 *
 * @throws UsageError for anything else
 */
export function capturedRequest(bytes: Uint8Array): CapturedRequest {
  const [end, next] = endOfHeaders(bytes);
  const lines = new TextDecoder('latin1').decode(bytes.subarray(0, end)).split(/\r?\n/);
  const headers: Record<string, string[]> = {};
  for (const [index, line] of lines.entries()) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      const values = Object.hasOwn(headers, name.toLowerCase()) ? (headers[name.toLowerCase()] ?? []) : [];
      headers[name.toLowerCase()] = [...values, value];
    } else if (index > 0) {
      throw new UsageError(
        `line ${index + 1} of the request is not a header: ${JSON.stringify(line.slice(0, 60))}`,
      );
    }
  }
  const length = Number(headers['content-length']?.[0] ?? Number.NaN);
  const body = bytes.subarray(next);
  return { headers, body: length <= body.length ? body.subarray(0, length) : body };
}

/** Where the headers end, and where the body starts. */
function endOfHeaders(bytes: Uint8Array): readonly [end: number, next: number] {
  const lineFeed = 10;
  const carriageReturn = 13;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== lineFeed) continue;
    if (bytes[at + 1] === lineFeed) return [at, at + 2];
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === lineFeed) return [at - 1, at + 3];
  }
  throw new UsageError('the request has no empty line between its headers and its body');
}
