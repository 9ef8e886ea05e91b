import { checkDepth } from '#core/json/depth.ts';
import { duplicateKey, jsonPointer } from '#core/json/duplicate-key.ts';
import { Problem } from '#core/problem/problem.ts';
import { fieldError, problemOf } from '#core/validation/validate.ts';
import { jsonErrorPosition } from './json-error.ts';
import type { Body, HttpRequest } from './request.ts';
import { firstUnstorable } from './unstorable.ts';

/** Bytes of an event or a batch of events. */
const longestBody = 5 * 1024 * 1024;
/** Bytes of a configuration: the largest endpoint that passes its schema has a fraction of them. */
const longestConfiguration = 1024 * 1024;
const deepestBody = 64;

export interface JsonLimits {
  /** Bytes. @default 5 MiB */
  readonly longest?: number;
  /** Levels of arrays and objects. @default 64 */
  readonly deepest?: number;
}

export interface JsonBody {
  readonly text: string;
  readonly value: unknown;
}

/**
 * The text of a JSON body, checked but as it was sent, and what it stands for.
 *
 * A body without a content-type is taken for JSON, and none may be compressed. Size and depth are judged before anything is parsed.
 *
 * @throws Problem: unsupported_media_type, body_missing, body_too_large, body_not_utf8, json_too_deep, invalid_json
 */
export function readJson(
  { headers, body }: HttpRequest,
  { longest = longestBody, deepest = deepestBody }: JsonLimits = {},
): JsonBody {
  checkMediaType(headers['content-type']);
  checkCoding(headers['content-encoding']);
  const text = decode(body, longest);
  if (text.trim() === '') {
    throw new Problem('body_missing', { detail: 'the request has no body', accepted: 'a JSON document' });
  }
  if (!checkDepth(text, deepest)) {
    throw new Problem('json_too_deep', {
      detail: `the body nests more than ${deepest} levels`,
      accepted: `at most ${deepest} levels of arrays and objects`,
    });
  }
  return { text, value: parse(text) };
}

/**
 * The value of a JSON body for routes that store what they read: it comes back as it was sent, or is refused.
 * Of two equal keys one would be lost without a word (payloads of events, whose bytes are kept, may have them).
 *
 * @throws Problem: what `readJson` throws, and validation_failed for equal keys and what `firstUnstorable` finds
 */
export function readJsonValue(request: HttpRequest): unknown {
  const { text, value } = readJson(request, { longest: longestConfiguration });
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    const received = `the key ${shorten(jsonPointer(twice))} more than once`;
    throw problemOf([fieldError(twice, received, 'each key of an object once')]);
  }
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

/** Taken as they are, encoded bytes would be called broken UTF-8, or worse, mean something. */
function checkCoding(contentEncoding: string | undefined): void {
  if (contentEncoding === undefined || /^(?:identity)?$/i.test(contentEncoding.trim())) return;
  throw new Problem('unsupported_media_type', {
    detail: `received the content-encoding ${JSON.stringify(contentEncoding.slice(0, 64))}; accepted: a body that is not encoded`,
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
      detail: `the body has ${size} bytes; at most ${longest} are accepted`,
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const position = jsonErrorPosition(text) ?? text.length;
    const before = text.slice(0, position);
    const line = before.split('\n').length;
    const column = position - before.lastIndexOf('\n');
    const what = position >= text.length ? 'it ends too early' : `unexpected ${describe(text, position)}`;
    throw new Problem('invalid_json', {
      detail: `the body is not JSON: ${what} at position ${position} (line ${line}, column ${column})`,
      accepted: 'a JSON document (RFC 8259)',
    });
  }
}

function describe(text: string, position: number): string {
  const code = text.codePointAt(position) ?? 0;
  const visible = code > 0x20 && code < 0x7f;
  return visible
    ? `'${String.fromCodePoint(code)}'`
    : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
