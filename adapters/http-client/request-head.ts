import { validateHeaderName, validateHeaderValue } from 'node:http';

export interface HttpMessage {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Headers that frame the message or name its receiver. Only this file sets them. */
const framing = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'expect',
  'upgrade',
  'te',
  'trailer',
]);

/**
 * The head of a POST (RFC 9112), as bytes.
 *
 * @throws TypeError for headers that cannot be written; it names the header, not the value
 */
export function requestHead({ url, headers, body }: HttpMessage): Buffer {
  const theirs = Object.entries(headers).filter(([name]) => !framing.has(name.toLowerCase()));
  for (const [name, value] of theirs) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  const fields = [
    ['host', url.host],
    ...theirs,
    ['content-length', String(body.length)],
    ['connection', 'keep-alive'],
  ];
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
}
