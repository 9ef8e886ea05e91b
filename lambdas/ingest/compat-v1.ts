import { problemFor } from '#adapters/http-api/failure.ts';
import { readText } from '#adapters/http-api/json-body.ts';
import { readQuery } from '#adapters/http-api/query.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { type HttpResponse, json } from '#adapters/http-api/response.ts';
import { v1Application } from '#core/compat-v1/application.ts';
import { parseV1Event } from '#core/compat-v1/event.ts';
import { withV1Id } from '#core/compat-v1/problem-ids.ts';
import { uuidOf } from '#core/id/ids.ts';
import { hashKey, hashRequest, idempotencyHeader } from '#core/idempotency/key.ts';
import { Problem } from '#core/problem/problem.ts';
import type { Scope } from '#core/token/token.ts';
import type { KeyClaim } from './accept.ts';
import { acceptedIn } from './answers.ts';
import type { IngestPorts } from './ports.ts';
import { parseOrCount } from './post-events.ts';

/**
 * `POST /api/v1/event` of the original Hook0 → 201 `{application_id, event_id, received_at, eventId}`.
 *
 * An `event_id` is accepted once a day. A repeat gets 409 `EventAlreadyIngested`, which the clients know, and completes
 * the work of a first request that crashed.
 */
export async function postV1Event(
  request: HttpRequest,
  scope: Scope,
  ports: IngestPorts,
): Promise<HttpResponse> {
  try {
    return await post(request, scope, ports);
  } catch (error) {
    const problem = problemFor(error);
    throw problem === undefined ? error : withV1Id(problem);
  }
}

async function post(request: HttpRequest, scope: Scope, ports: IngestPorts): Promise<HttpResponse> {
  const startedAt = ports.now();
  const caller = await ports.authenticate(request, scope);
  readQuery(request.query, []);
  refuseKey(request);
  const text = readText(request);
  const posted = { events: 1, bytes: Buffer.byteLength(text) };
  const event = await parseOrCount(
    () => parseV1Event(text),
    () => ports.rateLimiter.take(caller, posted),
  );
  const hasHeader = request.headers['x-hook0-application'] !== undefined;
  const applicationId = v1Application(caller, event.applicationId, hasHeader);
  const eventIds = [ports.newEventId()];

  const accept = async (claim: KeyClaim): Promise<string> => {
    await ports.rateLimiter.take({ applicationId, token: caller.token }, posted);
    const { type, tags, payload } = event;
    const events = [{ type, tags, payload, delay: 0, hops: caller.hops }];
    return acceptedIn(await ports.accept(applicationId, events, claim, startedAt)).eventId;
  };

  const eventId =
    event.eventId === undefined
      ? await accept({ eventIds, repeat: false })
      : await acceptOnce(event.eventId, applicationId, request, eventIds, accept, ports);
  return json(201, {
    application_id: event.applicationId,
    event_id: event.eventId ?? uuidOf(eventId),
    received_at: new Date(ports.now()).toISOString(),
    eventId,
  });
}

async function acceptOnce(
  given: string,
  applicationId: string,
  request: HttpRequest,
  eventIds: readonly string[],
  accept: (claim: KeyClaim) => Promise<string>,
  { idempotency }: IngestPorts,
): Promise<string> {
  // An Idempotency-Key has no blank, so that no event_id is taken for one.
  const key = `event_id ${given}`;
  // The hash leaves out the body, because a producer that posts the same event again makes a new `occurred_at`.
  const keyed = { requestHash: hashRequest(request.path, key), claimId: request.requestId, eventIds };
  const { answer, replayed } = await idempotency
    .run({ applicationId, keyHash: hashKey(key) }, keyed, accept)
    .catch((error: unknown) => {
      throw inProgress(error) ?? error;
    });
  if (!replayed) return answer;
  throw new Problem('event_already_ingested', {
    detail: `event_id: received ${JSON.stringify(given)}, which was accepted before as ${answer}; accepted: a new UUID for each event`,
    field: 'event_id',
    accepted: 'a new UUID for each event',
  });
}

/** The original API has no such answer: its clients take a 409 for "accepted". */
function inProgress(error: unknown): Problem | undefined {
  if (!(error instanceof Problem) || error.code !== 'idempotency_in_progress') return undefined;
  const { detail, headers } = error;
  return new Problem('unavailable', { detail, headers, cause: error });
}

function refuseKey({ headers }: HttpRequest): void {
  if (headers[idempotencyHeader] === undefined) return;
  throw new Problem('invalid_header', {
    detail: `${idempotencyHeader}: this API has event_id instead; accepted: a UUID in event_id, and no ${idempotencyHeader}`,
    field: idempotencyHeader,
    accepted: 'a UUID in event_id',
  });
}
