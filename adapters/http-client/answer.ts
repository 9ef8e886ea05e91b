import type { IncomingMessage } from 'node:http';

/** How much of a body is read before the connection is dropped. */
const maxBodyRead = 64 * 1024;
/** How much of it is returned, to be stored with the attempt. */
const maxBodyKept = 1024;
const maxHeaders = 50;
const maxHeaderCharacters = 8 * 1024;

export interface EndpointAnswer {
  readonly statusCode: number;
  /** Lower-case names; repeated headers joined by a comma. At most 50 headers and 8 KB; Retry-After is never cut. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 1 KB as UTF-8 text. For an encoded body, which the request does not accept, a note replaces it. */
  readonly body: string;
  /** The body was longer than what is returned. */
  readonly bodyTruncated: boolean;
}

/**
 * Reads an answer to its end, or to 64 KB: then it destroys the connection. It calls `done` at most once, and never for
 * an answer that breaks off before its end.
 */
export function readAnswer(response: IncomingMessage, done: (answer: EndpointAnswer) => void): void {
  const kept: Buffer[] = [];
  let length = 0;
  const finish = () => done(answerOf(response, Buffer.concat(kept), length));
  response.on('data', (chunk: Buffer) => {
    if (length < maxBodyKept) {
      kept.push(chunk.subarray(0, maxBodyKept - length));
    }
    length += chunk.length;
    if (length > maxBodyRead) {
      finish();
      response.destroy();
    }
  });
  response.on('end', () => {
    if (response.complete) {
      finish();
    }
  });
}

function answerOf(response: IncomingMessage, start: Buffer, length: number): EndpointAnswer {
  const headers = keptHeaders(response.rawHeaders);
  const encoding = response.headers['content-encoding'] ?? 'identity';
  const bodyTruncated = length > start.length;
  // Streaming omits a character that was cut in two.
  const text = new TextDecoder().decode(start, { stream: bodyTruncated });
  const body = encoding === 'identity' || length === 0 ? text : `(${encoding.slice(0, 40)}, not decoded)`;
  return { statusCode: response.statusCode ?? 0, headers, body, bodyTruncated };
}

function keptHeaders(raw: readonly string[]): Record<string, string> {
  const all = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    const value = raw[i + 1] ?? '';
    const known = all.get(name);
    all.set(name, known === undefined ? value : `${known}, ${value}`);
  }
  // The time of the next attempt depends on Retry-After, so it must not be cut, however many other headers there are.
  const ordered = [...all].sort(([a], [b]) => Number(b === 'retry-after') - Number(a === 'retry-after'));
  const kept: [string, string][] = [];
  let characters = 0;
  for (const [name, value] of ordered) {
    characters += name.length + value.length;
    if (kept.length === maxHeaders || characters > maxHeaderCharacters) {
      break;
    }
    kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}
