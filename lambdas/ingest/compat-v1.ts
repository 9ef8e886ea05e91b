import type { Authenticate } from '#adapters/http-api/auth.ts';
import { problemFor } from '#adapters/http-api/failure.ts';
import { readText } from '#adapters/http-api/json-body.ts';
import { readQuery } from '#adapters/http-api/query.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { type HttpResponse, json } from '#adapters/http-api/response.ts';
import { v1Application } from '#core/compat-v1/application.ts';
import { parseV1Event, type V1Event } from '#core/compat-v1/event.ts';
import { withV1Id } from '#core/compat-v1/problem-ids.ts';
import type { NewEvent } from '#core/event/event.ts';
import { uuidOf } from '#core/id/ids.ts';
import type { Posted } from '#core/idempotency/decide.ts';
import { hashKey, hashRequest, idempotencyHeader } from '#core/idempotency/key.ts';
import type { IdempotencyKey } from '#core/idempotency/stored-answer.ts';
import { Problem } from '#core/problem/problem.ts';
import type { Scope } from '#core/token/token.ts';
import type { Claim, Outcome } from './accept.ts';
import type { Admit } from './admission.ts';
import type { OnceAnswer } from './once.ts';

export interface V1Ports {
  /** Epoch milliseconds. */
  now(): number;
  readonly authenticate: Authenticate;
  newEventId(): string;
  readonly admit: Admit;
  accept(applicationId: string, events: readonly NewEvent[], claim: Claim): Promise<readonly Outcome[]>;
  once(key: IdempotencyKey, posted: Posted, work: (claim: Claim) => Promise<string>): Promise<OnceAnswer>;
}

/**
 * `POST /api/v1/event` of the original Hook0 → 201 `{application_id, event_id, received_at, eventId}`.
 *
 * An `event_id` is accepted once a day: a repeat is 409 `EventAlreadyIngested`, which the clients know what to make
 * of, and completes what the first request died over.
 */
export async function postV1Event(request: HttpRequest, ports: V1Ports, scope: Scope): Promise<HttpResponse> {
  try {
    return await post(request, ports, scope);
  } catch (error) {
    const problem = problemFor(error);
    throw problem === undefined ? error : withV1Id(problem);
  }
}

async function post(request: HttpRequest, ports: V1Ports, scope: Scope): Promise<HttpResponse> {
  const caller = await ports.authenticate(request, scope);
  readQuery(request.query, []);
  refuseKey(request);
  const event = parseV1Event(readText(request));
  const hasHeader = request.headers['x-hook0-application'] !== undefined;
  const applicationId = v1Application(caller, event.applicationId, hasHeader);
  const accept = async (claim: Claim) => {
    await ports.admit(caller.token, 1);
    return acceptOne(applicationId, event, claim, ports);
  };
  const eventIds = [ports.newEventId()];
  const eventId =
    event.eventId === undefined
      ? await accept({ eventIds, repeat: false })
      : await acceptOnce(request, applicationId, event.eventId, eventIds, accept, ports);
  return json(201, {
    application_id: event.applicationId,
    event_id: event.eventId ?? uuidOf(eventId),
    received_at: new Date(ports.now()).toISOString(),
    eventId,
  });
}

async function acceptOne(
  applicationId: string,
  { type, tags, payload }: V1Event,
  claim: Claim,
  ports: V1Ports,
): Promise<string> {
  const [outcome] = await ports.accept(applicationId, [{ type, tags, payload, delay: 0 }], claim);
  if (!outcome) throw new Error('one event was to be accepted and none came back');
  if (outcome.kind === 'failed') throw outcome.error;
  if (outcome.kind === 'refused') throw outcome.problem;
  return outcome.eventId;
}

async function acceptOnce(
  request: HttpRequest,
  applicationId: string,
  given: string,
  eventIds: readonly string[],
  accept: (claim: Claim) => Promise<string>,
  ports: V1Ports,
): Promise<string> {
  // A blank cannot be part of an Idempotency-Key, so that the two never meet.
  const key = `event_id ${given}`;
  const { answer, replayed } = await ports
    .once(
      { applicationId, keyHash: hashKey(key) },
      // Not the body's: a producer that posts again makes `occurred_at` anew, and what it means is the same event.
      { requestHash: hashRequest(request.path, key), claimId: request.requestId, eventIds },
      accept,
    )
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

/** The original knows no such answer, and its clients take 409 for "accepted", which nothing is yet. */
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
