import type { Authenticate } from '#adapters/http-api/auth.ts';
import { readText } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { readQuery } from '#adapters/http-api/query.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { type HttpResponse, jsonText } from '#adapters/http-api/response.ts';
import type { NewEvent } from '#core/event/event.ts';
import type { Posted } from '#core/idempotency/decide.ts';
import { hashKey, hashRequest, readIdempotencyKey } from '#core/idempotency/key.ts';
import type { IdempotencyKey } from '#core/idempotency/stored-answer.ts';
import { Problem } from '#core/problem/problem.ts';
import type { Scope } from '#core/token/token.ts';
import type { Claim, Outcome } from './accept.ts';
import type { Admit } from './admission.ts';
import { postV1Event } from './compat-v1.ts';
import type { OnceAnswer } from './once.ts';
import { firstFailure, type PostedBody, readMany, readOne } from './posted.ts';

export interface IngestPorts {
  /** Epoch milliseconds. */
  now(): number;
  readonly authenticate: Authenticate;
  newEventId(): string;
  readonly admit: Admit;
  accept(applicationId: string, events: readonly NewEvent[], claim: Claim): Promise<readonly Outcome[]>;
  once(key: IdempotencyKey, posted: Posted, work: (claim: Claim) => Promise<string>): Promise<OnceAnswer>;
}

interface IngestRoute {
  readonly method: 'POST';
  readonly path: string;
  readonly scope: Scope;
  /** @param scope - the one above, which it asks for: the table and the function cannot differ. */
  handle(request: HttpRequest, ports: IngestPorts, scope: Scope): Promise<HttpResponse>;
}

/** Everything that this function answers, in one table, which the docs and the tests of who may do what use too. */
export const ingestRoutes: readonly IngestRoute[] = [
  {
    method: 'POST',
    path: '/api/events',
    scope: 'ingest',
    handle: post(readOne),
  },
  {
    method: 'POST',
    path: '/api/events/batch',
    scope: 'ingest',
    handle: post(readMany),
  },
  { method: 'POST', path: '/api/v1/event', scope: 'ingest', handle: postV1Event },
];

/**
 * `POST /api/events` → 202 `{success, eventId, webhookCount}`.
 * `POST /api/events/batch` → 202 `{results: […]}`, one per event, in order; one bad event does not refuse the others.
 * `POST /api/v1/event` is the original Hook0's: see `postV1Event`.
 *
 * With an `Idempotency-Key` the same request gets the first 202 again, byte for byte.
 */
export async function ingest(request: HttpRequest, ports: IngestPorts): Promise<HttpResponse> {
  const route = ingestRoutes.find(({ method, path }) => method === request.method && path === request.path);
  if (route === undefined) {
    throw new Problem('route_not_found', {
      detail: `there is no ${request.method} ${request.path.slice(0, 128)} here`,
    });
  }
  return route.handle(request, ports, route.scope);
}

function post(read: (text: string) => PostedBody): IngestRoute['handle'] {
  return async (request, ports, scope) => {
    const { applicationId, token } = await ports.authenticate(request, scope);
    readQuery(request.query, []);
    const key = readIdempotencyKey(request.headers);
    const text = readText(request);
    const { events, answer } = read(text);
    const eventIds = events.map(() => ports.newEventId());
    if (key === undefined) {
      await ports.admit(token, events.length);
      return jsonText(202, answer(await ports.accept(applicationId, events, { eventIds, repeat: false })));
    }
    const { answer: body, replayed } = await ports.once(
      { applicationId, keyHash: hashKey(key) },
      { requestHash: hashRequest(request.path, text), claimId: request.requestId, eventIds },
      async (claim) => {
        // Here and not before: a request that was answered already gets its answer, whatever the rate is now.
        await ports.admit(token, events.length);
        const outcomes = await ports.accept(applicationId, events, claim);
        // A partial success would be the answer for a day. The same request, sent again, completes it instead.
        const failure = firstFailure(outcomes);
        if (failure) throw failure.error;
        return answer(outcomes);
      },
    );
    return jsonText(202, body, replayed ? { 'idempotent-replayed': 'true' } : {});
  };
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const ingestOperations = {
  'POST /api/events': {
    id: 'postEvent',
    tag: 'events',
    summary: 'Post an event',
    description:
      '202 means that it is stored, and that every matched delivery is queued or held. Post again after a 5xx or no answer, with the same Idempotency-Key.',
    body: 'EventInput',
    answers: [
      { status: 202, description: 'Accepted.', schema: 'Accepted', headers: ['idempotent-replayed'] },
    ],
    problems: [
      'payload_too_large',
      'rate_limited',
      'idempotency_key_reused',
      'idempotency_in_progress',
      'payload_schema',
      'event_type_archived',
    ],
    headers: ['idempotency-key'],
  },
  'POST /api/events/batch': {
    id: 'postEvents',
    tag: 'events',
    summary: 'Post 1 to 100 events',
    description: 'Each has a result of its own, in order: one that is not valid does not refuse the others.',
    body: 'EventBatchInput',
    answers: [
      {
        status: 202,
        description: 'At least one was accepted, or none was valid.',
        schema: 'BatchAnswer',
        headers: ['idempotent-replayed'],
      },
    ],
    problems: ['payload_too_large', 'rate_limited', 'idempotency_key_reused', 'idempotency_in_progress'],
    headers: ['idempotency-key'],
  },
  'POST /api/v1/event': {
    id: 'postV1Event',
    tag: 'original Hook0',
    summary: 'Post an event as to the original Hook0',
    description:
      'An event_id is accepted once a day: a repeat gets 409 event_already_ingested. Labels become the tags `key:value`. Problems carry the id of the original beside our code.',
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
    ],
  },
} as const satisfies Operations;
