import { applicationHeader } from '#adapters/http-api/auth.ts';
import type { RequestHeader, ResponseHeader } from '#adapters/http-api/operation.ts';
import { idPatterns } from '#core/id/ids.ts';
import { idempotencyHeader, idempotencyKeyPattern } from '#core/idempotency/key.ts';

const text = { type: 'string' } as const;

/** Headers of answers that matter to a caller. */
export const responseHeaders: Readonly<Record<ResponseHeader, object>> = {
  allow: { description: 'The methods of the path.', schema: text },
  accept: { description: 'The media type that the path accepts.', schema: text },
  'content-encoding': { description: 'gzip if the request accepts it.', schema: text },
  'idempotent-replayed': {
    description: 'true if this is the answer to an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', const: 'true' },
  },
  location: { description: 'The path of the new resource.', schema: text },
  'retry-after': {
    description: 'Seconds to wait before the next try.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  vary: { description: 'The request headers that the body depends on.', schema: text },
  'www-authenticate': { description: 'RFC 6750, section 3.', schema: text },
};

export const requestIdHeader = {
  'x-request-id': { description: 'Names the request in the logs.', schema: text },
} as const;

export const applicationParameter = {
  name: applicationHeader,
  in: 'header',
  description:
    "The application of a request with an operator's token. Default: default. Tokens of an application do not need it.",
  schema: { type: 'string', pattern: idPatterns.application.source },
} as const;

interface HeaderParameter {
  readonly name: string;
  readonly in: 'header';
  readonly description: string;
  readonly schema: object;
}

/** Headers of requests, for the operations that name them. */
export const requestHeaders: Readonly<Record<RequestHeader, HeaderParameter>> = {
  'idempotency-key': {
    name: idempotencyHeader,
    in: 'header',
    description:
      'Makes it safe to repeat a request: for 24 h, a repeat gets the first answer. 1 to 255 visible ASCII characters, unique for each request.',
    schema: { type: 'string', pattern: idempotencyKeyPattern.source },
  },
  'last-event-id': {
    name: 'last-event-id',
    in: 'header',
    description: 'The id of the previous event. Then the answer has only what has changed since.',
    schema: { type: 'string' },
  },
};
