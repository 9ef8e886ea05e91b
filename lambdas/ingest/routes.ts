import { eventLimits } from '../core/event/event-schema.ts';
import type { Posted } from '../core/idempotency/decide.ts';
import { hashKey, hashRequest, readIdempotencyKey } from '../core/idempotency/key.ts';
import { Problem } from '../core/problem.ts';
import type { Scope } from '../core/tenant/token.ts';
import type { Authenticate } from '../runtime/http/auth.ts';
import { type JsonLimits, readJson } from '../runtime/http/json-body.ts';
import { readQuery } from '../runtime/http/query.ts';
import type { HttpRequest } from '../runtime/http/request.ts';
import { type HttpResponse, jsonText } from '../runtime/http/response.ts';
import type { Claim, NewEvent, Outcome } from './accept.ts';
import type { OnceAnswer, UsedKey } from './once.ts';
import { firstFailure, type PostedBody, readMany, readOne } from './posted.ts';

export interface IngestPorts {
  readonly authenticate: Authenticate;
  newEventId(): string;
  accept(applicationId: string, events: readonly NewEvent[], claim: Claim): Promise<readonly Outcome[]>;
  once(key: UsedKey, posted: Posted, work: (claim: Claim) => Promise<string>): Promise<OnceAnswer>;
}

/**
 * Deep enough that an event which nests too much has its own result and the others are taken, and still a depth
 * that everything which reads the body can stand.
 */
const deepestBatch = 1_024;

interface IngestRoute {
  readonly method: 'POST';
  readonly path: string;
  readonly scope: Scope;
  readonly read: (text: string) => PostedBody;
  readonly limits: JsonLimits;
}

/** Everything that this function answers. */
export const ingestRoutes: readonly IngestRoute[] = [
  {
    ...{ method: 'POST', path: '/api/events', scope: 'ingest' },
    ...{ read: readOne, limits: { deepest: eventLimits.levels } },
  },
  {
    ...{ method: 'POST', path: '/api/events/batch', scope: 'ingest' },
    ...{ read: readMany, limits: { deepest: deepestBatch } },
  },
];

/**
 * `POST /api/events` → 202 `{success, eventId, webhookCount}`.
 * `POST /api/events/batch` → 202 `{results: […]}`, one per event, in order; one bad event does not refuse the others.
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
  return post(request, route, ports);
}

async function post(
  request: HttpRequest,
  { scope, read, limits }: IngestRoute,
  ports: IngestPorts,
): Promise<HttpResponse> {
  const { applicationId } = await ports.authenticate(request, scope);
  readQuery(request.query, []);
  const key = readIdempotencyKey(request.headers);
  const { text } = readJson(request, limits);
  const { events, answer } = read(text);
  const eventIds = events.map(() => ports.newEventId());
  if (key === undefined) {
    return jsonText(202, answer(await ports.accept(applicationId, events, { eventIds, repeat: false })));
  }
  const { answer: body, replayed } = await ports.once(
    { applicationId, keyHash: hashKey(key) },
    { requestHash: hashRequest(request.path, text), claimId: request.requestId, eventIds },
    async (claim) => {
      const outcomes = await ports.accept(applicationId, events, claim);
      // A partial success would be the answer for a day. The same request, sent again, completes it instead.
      const failure = firstFailure(outcomes);
      if (failure) throw failure.error;
      return answer(outcomes);
    },
  );
  return jsonText(202, body, replayed ? { 'idempotent-replayed': 'true' } : {});
}
