import type { Operations } from '#adapters/http-api/operation.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import type { HttpResponse } from '#adapters/http-api/response.ts';
import { parseBatch, parseEvent } from '#core/event/parse-event.ts';
import { Problem } from '#core/problem/problem.ts';
import type { Scope } from '#core/token/token.ts';
import { batchAnswer, singleAnswer } from './answers.ts';
import { postV1Event } from './compat-v1.ts';
import type { IngestPorts } from './ports.ts';
import { type EventFormat, postEvents } from './post-events.ts';

interface IngestRoute {
  readonly method: 'POST';
  readonly path: string;
  /** The scope that a token needs. */
  readonly scope: Scope;
  /** @param scope the one above, so that the table and the function cannot differ */
  handle(request: HttpRequest, scope: Scope, ports: IngestPorts): Promise<HttpResponse>;
}

const single: EventFormat = {
  parse: (text) => [{ ok: true, event: parseEvent(text) }],
  answer: (_, outcomes) => singleAnswer(outcomes),
};

const batch: EventFormat = { parse: parseBatch, answer: batchAnswer };

/** The routes of this function. The docs and the tests of permissions use this table too. */
export const ingestRoutes: readonly IngestRoute[] = [
  {
    method: 'POST',
    path: '/api/events',
    scope: 'ingest',
    handle: (request, scope, ports) => postEvents(request, single, scope, ports),
  },
  {
    method: 'POST',
    path: '/api/events/batch',
    scope: 'ingest',
    handle: (request, scope, ports) => postEvents(request, batch, scope, ports),
  },
  { method: 'POST', path: '/api/v1/event', scope: 'ingest', handle: postV1Event },
];

/** Answers a request by the route of its method and path. */
export async function ingest(request: HttpRequest, ports: IngestPorts): Promise<HttpResponse> {
  const route = ingestRoutes.find(({ method, path }) => method === request.method && path === request.path);
  if (route === undefined) {
    throw new Problem('route_not_found', {
      detail: `there is no route ${request.method} ${request.path.slice(0, 128)}`,
    });
  }
  return route.handle(request, route.scope, ports);
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const ingestOperations = {
  'POST /api/events': {
    id: 'postEvent',
    summary: 'Post an event',
    description:
      '202 means that the event is stored and that each matched delivery is queued or held. After a 5xx or no answer, post it again with the same Idempotency-Key.',
    body: 'EventInput',
    answers: [
      { status: 202, description: 'Accepted.', schema: 'Accepted', headers: ['idempotent-replayed'] },
    ],
    problems: [
      'payload_too_large',
      'rate_limited',
      'application_rate_limited',
      'daily_bytes_used',
      'idempotency_key_reused',
      'idempotency_in_progress',
      'payload_schema',
      'event_type_archived',
    ],
    headers: ['idempotency-key'],
  },
  'POST /api/events/batch': {
    id: 'postEvents',
    summary: 'Post 1 to 100 events',
    description: 'Each event has its own result, in order. An invalid event does not affect the others.',
    body: 'EventBatchInput',
    answers: [
      {
        status: 202,
        description: 'The results. At least one event was accepted, or none was valid.',
        schema: 'BatchAnswer',
        headers: ['idempotent-replayed'],
      },
    ],
    problems: [
      'payload_too_large',
      'rate_limited',
      'application_rate_limited',
      'daily_bytes_used',
      'idempotency_key_reused',
      'idempotency_in_progress',
    ],
    headers: ['idempotency-key'],
  },
} as const satisfies Operations;

export const v1IngestOperations = {
  'POST /api/v1/event': {
    id: 'postV1Event',
    summary: 'Post an event',
    description:
      'An event_id is accepted once a day; a repeat gets 409 event_already_ingested. Labels become the tags `key:value`. Problems have the id of the original as well as our code.',
    body: 'V1EventInput',
    answers: [{ status: 201, description: 'Accepted.', schema: 'V1Accepted' }],
    problems: [
      'payload_content_type',
      'payload_not_json',
      'payload_too_large',
      'event_already_ingested',
      'event_type_archived',
      'payload_schema',
      'rate_limited',
      'application_rate_limited',
      'daily_bytes_used',
    ],
  },
} as const satisfies Operations;
