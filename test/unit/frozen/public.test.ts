import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import { withV1Id } from '#core/compat-v1/problem-ids.ts';
import type { LifecycleEvent } from '#core/lifecycle/lifecycle-event.ts';
import { Problem, problemDocument } from '#core/problem/problem.ts';
import { type ProblemCode, problemCodes } from '#core/problem/problem-codes.ts';
import { type WebhookRequest, webhookHeaders } from '#core/signature/webhook-headers.ts';

// What programs of users compare with: problem codes, lifecycle events, names of headers. How to change one on purpose:
// change the list below in the same commit, with docs/ and CHANGELOG.md. After the first release it breaks those programs.

/** Status and code of each problem, and the id that the original Hook0 has for it, if any. */
const problems = `
400 body_missing JsonPayload
400 body_not_utf8 JsonPayload
400 invalid_cursor
400 invalid_header Validation
400 invalid_json JsonPayload
400 invalid_query Validation
400 json_too_deep JsonPayload
400 payload_content_type EventInvalidPayloadContentType
400 payload_not_json EventInvalidJsonPayload
400 validation_failed Validation
401 token_invalid AuthInvalidBiscuit
401 token_missing AuthNoAuthorizationHeader
403 capability_missing Forbidden
403 operator_required
403 scope_missing Forbidden
404 not_found NotFound
404 route_not_found
405 method_not_allowed
409 already_exists EventTypeAlreadyExist
409 credentials_required
409 event_already_ingested EventAlreadyIngested
409 idempotency_in_progress
409 idempotency_key_reused
409 limit_reached TooManyEventTypesPerApplication
409 not_empty
409 permanent
409 too_many_secrets
409 wrong_state
413 body_too_large JsonPayload
413 payload_too_large Validation
415 unsupported_media_type JsonPayload
422 event_type_archived EventTypeDoesNotExist
422 payload_schema EventInvalidJsonPayload
429 application_rate_limited RateLimited
429 daily_bytes_used RateLimited
429 rate_limited RateLimited
429 request_rate_limited RateLimited
429 tested_recently
429 too_many_tasks
500 internal_error
503 contended ServiceUnavailable
503 credentials_unreadable
503 unavailable ServiceUnavailable
508 loop_detected Forbidden
`;

it('problems keep their codes, statuses and ids', () => {
  const codes = Object.keys(problemCodes) as ProblemCode[];
  const answers = codes.map((code) => {
    const { type, status, id = '' } = problemDocument(withV1Id(new Problem(code, { detail: '' })));
    expect(type).toBe(`urn:hook0:problem:${code}`);
    return `${status} ${code} ${id}`.trim();
  });
  expect(answers.sort().join('\n')).toBe(problems.trim());
});

const endpoint = { applicationId: 'acme', endpointId: 'ep_1' };
const delivery = { ...endpoint, eventId: 'evt_1', generation: 1, reason: 'exhausted' };
const opening = { ...endpoint, epoch: 1 };
const deliveryId = 'dlv_ep_1_evt_1';
const since = '1970-01-01T00:00:00.000Z';

/** What is announced of each of these events, besides `version` 1. */
const lifecycle: Readonly<Record<LifecycleEvent['type'], object>> = {
  'endpoint.disabled': { ...endpoint, id: 'endpoint.disabled:ep_1:0', reason: '410_gone', since },
  'circuit.opened': { ...opening, id: 'circuit.opened:ep_1:1' },
  'circuit.closed': { ...opening, id: 'circuit.closed:ep_1:1' },
  'delivery.cancelled': { ...delivery, id: `delivery.cancelled:${deliveryId}:1`, deliveryId },
  'delivery.dead': { ...delivery, id: `delivery.dead:${deliveryId}:1`, deliveryId },
};

it('lifecycle events keep their source, types and fields', async () => {
  const sent: [unknown, unknown, unknown][] = [];
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    for (const { Source, DetailType, Detail = '' } of Entries)
      sent.push([Source, DetailType, JSON.parse(Detail)]);
    return {};
  };
  const watched = { announced: async () => undefined };
  const { publish } = createLifecycle('bus', watched, { send } as unknown as EventBridgeClient);
  await publish({ type: 'endpoint.disabled', ...endpoint, reason: '410_gone', since: 0 });
  for (const type of ['circuit.opened', 'circuit.closed'] as const) await publish({ type, ...opening });
  for (const type of ['delivery.cancelled', 'delivery.dead'] as const) await publish({ type, ...delivery });
  const announced = Object.entries(lifecycle).map(([type, detail]) => [
    'hook0',
    type,
    { version: 1, ...detail },
  ]);
  expect(sent).toEqual(announced);
});

const standardHeaders = `
content-type user-agent accept-encoding webhook-id webhook-timestamp webhook-signature X-Signature
X-Hook0-Event-Type X-Hook0-Event-Id X-Hook0-Timestamp X-Hook0-Delivery-Id X-Hook0-Attempt X-Hook0-Hops
`;
const v1Headers = 'X-Event-Id X-Event-Type';

const request: WebhookRequest = {
  eventId: 'evt_01h455vb4pex5vsknk084sn02q',
  eventType: 'order.created',
  eventTimestamp: '2026-11-24T16:00:00.000Z',
  deliveryId: 'dlv_1',
  attemptNumber: 3,
  nowSeconds: 1_764_000_000,
  secrets: ['secret'],
  signatureHeader: 'X-Signature',
  endpointHeaders: {},
  body: new Uint8Array(),
  version: '1.2.3',
  hopStamp: '1; deployment="Hook0"',
};

it('the request of a test has one header more', () => {
  const { 'X-Hook0-Test': test, ...others } = webhookHeaders({ ...request, isTest: true });
  expect(test).toBe('true');
  expect(others).toEqual(webhookHeaders(request));
});

it('webhooks keep the names of their headers', () => {
  const words = (text: string) => text.trim().split(/\s+/).sort();
  const ofV1 = webhookHeaders({ ...request, signatureScheme: 'hook0-v1' });
  expect(Object.keys(webhookHeaders(request)).sort()).toEqual(words(standardHeaders));
  expect(Object.keys(ofV1).sort()).toEqual(words(standardHeaders + v1Headers));
  expect(ofV1['X-Signature']).toMatch(
    /^t=1764000000,v0=[0-9a-f]{64},h=content-type x-event-id x-event-type,v1=[0-9a-f]{64}$/,
  );
  expect(ofV1['webhook-signature']).toMatch(/^v1,\S{44}$/);
  expect(ofV1['user-agent']).toBe('Hook0/1.2.3');
});
