import { duplicateKey } from '#core/json/duplicate-key.ts';
import { formatPointer } from '#core/json/pointer.ts';
import { Problem } from '#core/problem/problem.ts';
import { scanJson } from '#core/validation/scan-json.ts';
import { fieldError, problemOf } from '#core/validation/validate.ts';
import type { Body, HttpRequest } from './request.ts';
import { firstUnstorable } from './unstorable.ts';

/** Bytes of an event or a batch of events. */
const longestBody = 5 * 1024 * 1024;
/** Bytes of a configuration. The largest valid endpoint is much smaller. */
const longestConfiguration = 1024 * 1024;
const deepestConfiguration = 64;

/**
 * The text of a JSON body as it was sent, without parsing it.
 *
 * A body without a content-type counts as JSON. A compressed body is refused.
 *
 * @param longest - bytes.
 * @throws Problem: unsupported_media_type, body_missing, body_too_large, body_not_utf8
 */
export function readText({ headers, body }: HttpRequest, longest = longestBody): string {
  checkMediaType(headers['content-type']);
  checkCoding(headers['content-encoding']);
  const text = decode(body, longest);
  if (text.trim() === '') {
    throw new Problem('body_missing', { detail: 'the request has no body', accepted: 'a JSON document' });
  }
  return text;
}

/**
 * The value of a JSON body, for routes that store it. It refuses what would not come back as it was sent, such as one of
 * two equal keys. (Payloads of events may have equal keys, because their bytes are stored.)
 *
 * @throws Problem: what `readText` throws, json_too_deep, invalid_json, and validation_failed for equal keys and what
 * `firstUnstorable` finds
 */
export function readJsonValue(request: HttpRequest): unknown {
  const text = readText(request, longestConfiguration);
  const twice = scanJson(text, deepestConfiguration, duplicateKey);
  if (twice !== undefined) {
    const received = `the key ${shorten(formatPointer(twice))} more than once`;
    throw problemOf([fieldError(twice, received, 'each key of an object once')]);
  }
  const value: unknown = JSON.parse(text);
  const unstorable = firstUnstorable(value);
  if (unstorable !== undefined) throw problemOf([unstorable]);
  return value;
}

const longestPointer = 256;

const shorten = (text: string): string =>
  text.length > longestPointer ? `${text.slice(0, longestPointer)}…` : text;

function checkMediaType(contentType: string | undefined): void {
  if (contentType === undefined) return;
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  const isUtf8 = charset === undefined || /^"?utf-?8"?$/.test(charset);
  if (type === 'application/json' && isUtf8) return;
  throw new Problem('unsupported_media_type', {
    detail: `received the content-type ${JSON.stringify(contentType.slice(0, 64))}; accepted: application/json in UTF-8`,
    field: 'content-type',
    accepted: 'application/json',
    headers: { accept: 'application/json' },
  });
}

/** Encoded bytes would be reported as broken UTF-8, or could be valid text with another meaning. */
function checkCoding(contentEncoding: string | undefined): void {
  if (contentEncoding === undefined || /^(?:identity)?$/i.test(contentEncoding.trim())) return;
  throw new Problem('unsupported_media_type', {
    detail: `received the content-encoding ${JSON.stringify(contentEncoding.slice(0, 64))}; accepted: a body without an encoding`,
    field: 'content-encoding',
    accepted: 'identity, or no content-encoding',
    headers: { 'accept-encoding': 'identity' },
  });
}

function decode({ content, isBase64 }: Body, longest: number): string {
  const bytes = isBase64 ? Buffer.from(content, 'base64') : undefined;
  const size = bytes?.length ?? Buffer.byteLength(content);
  if (size > longest) {
    throw new Problem('body_too_large', {
      detail: `the body has ${size} bytes; accepted: at most ${longest} bytes`,
      accepted: `at most ${longest} bytes`,
    });
  }
  if (bytes === undefined) return content;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem('body_not_utf8', {
      detail: 'the body is not UTF-8',
      accepted: 'JSON in UTF-8 (RFC 8259)',
    });
  }
}
