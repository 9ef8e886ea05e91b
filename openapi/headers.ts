import { applicationHeader } from '#adapters/http-api/auth.ts';
import type { RequestHeader, ResponseHeader } from '#adapters/http-api/operation.ts';
import { idPatterns } from '#core/id/ids.ts';
import { idempotencyHeader, idempotencyKeyPattern } from '#core/idempotency/key.ts';

const text = { type: 'string' } as const;

/** Headers of answers that mean something to a caller; those of `always` are on every answer. */
export const responseHeaders: Readonly<Record<ResponseHeader, object>> = {
  allow: { description: 'The methods that the path takes.', schema: text },
  accept: { description: 'The media type that the path takes.', schema: text },
  'content-encoding': { description: 'gzip for those who accept it.', schema: text },
  'idempotent-replayed': {
    description: 'true when this is the answer to an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', const: 'true' },
  },
  location: { description: 'The path of what was made.', schema: text },
  'retry-after': {
    description: 'Seconds after which to try again.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  vary: { description: 'What the body depends on.', schema: text },
  'www-authenticate': { description: 'RFC 6750, section 3.', schema: text },
};

export const requestIdHeader = {
  'x-request-id': { description: 'Leads to the log.', schema: text },
} as const;

export const applicationParameter = {
  name: applicationHeader,
  in: 'header',
  description:
    "The application that an operator's token is used for; default when there is none. A token of an application needs none.",
  schema: { type: 'string', pattern: idPatterns.application.source },
} as const;

interface HeaderParameter {
  readonly name: string;
  readonly in: 'header';
  readonly description: string;
  readonly schema: object;
}

/** Headers of requests, for those operations that name them. */
export const requestHeaders: Readonly<Record<RequestHeader, HeaderParameter>> = {
  'idempotency-key': {
    name: idempotencyHeader,
    in: 'header',
    description:
      'Makes posting again safe: the first answer comes again for 24 h. 1 to 255 visible ASCII characters, a new one for each request.',
    schema: { type: 'string', pattern: idempotencyKeyPattern.source },
  },
  'last-event-id': {
    name: 'last-event-id',
    in: 'header',
    description: 'The id of the event before: then only what changed since is told.',
    schema: { type: 'string' },
  },
};
