import { requireScopeFor } from '#adapters/http-api/auth.ts';
import { readText } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { CredentialsUnavailable } from '#core/encryption/errors.ts';
import { applicationTests, testPause } from '#core/endpoint-test/endpoint-test.ts';
import { readTestEvent } from '#core/endpoint-test/test-event.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import { loadOutline } from '../http/found.ts';
import type { Services } from '../services.ts';

/** Bytes of a body: the largest payload and the fields around it. */
const longestBody = 512 * 1024;

export function endpointTestRoutes(
  services: Pick<Services, 'endpoints' | 'beginTest' | 'testEndpoint' | 'ids' | 'now'>,
): ApiRoute[] {
  const { beginTest, testEndpoint, ids, now } = services;
  return [
    route({
      method: 'POST',
      path: '/api/endpoints/{endpointId}/test',
      scope: 'manage',
      capability: 'endpoints:write',
      async handle({ request, params: { endpointId }, caller }) {
        const { applicationId, hops } = caller;
        const text = request.body.content === '' ? '{}' : readText(request, longestBody);
        const { hasOwnPayload, ...event } = readTestEvent(text);
        // The signature would make any payload look like one of the application's events.
        if (hasOwnPayload) requireScopeFor(caller, 'payload', 'ingest');
        await loadOutline(services, applicationId, endpointId);
        const timestamp = now();
        const begun = await beginTest(applicationId, endpointId, timestamp);
        if (begun !== 'begun') throw testedRecently(begun);
        const eventId = ids.test();
        const outcome = await testEndpoint({
          v: 1,
          kind: 'endpoint-test',
          applicationId,
          endpointId,
          eventId,
          timestamp,
          hops,
          ...event,
        });
        if (outcome.kind === 'missing') throw notFound('endpoint', endpointId);
        if (outcome.kind === 'unreadable') throw new CredentialsUnavailable(outcome.detail);
        const { attempt } = outcome;
        return json(200, { success: attempt.success, eventId, eventType: event.eventType, attempt });
      },
    }),
  ];
}

const testedRecently = (whose: 'endpoint-too-fast' | 'application-too-fast'): Problem => {
  const seconds = testPause / 1_000;
  const { interval, atOnce } = applicationTests;
  const [detail, accepted] =
    whose === 'endpoint-too-fast'
      ? [`the endpoint was tested less than ${seconds} s ago`, `one test every ${seconds} s`]
      : [
          'endpoints of the application were tested too often in the last seconds',
          `one test every ${interval / 1_000} s over all endpoints, or ${atOnce} at once after a pause`,
        ];
  // The pause of the endpoint has begun in both cases.
  return new Problem('tested_recently', { detail, accepted, headers: { 'retry-after': String(seconds) } });
};

/** What the OpenAPI document says about these routes. No function imports it. */
export const endpointTestOperations = {
  'POST /api/endpoints/{endpointId}/test': {
    id: 'testEndpoint',
    summary: 'Send a test event to an endpoint',
    description:
      'Sends a signed request at once, with a timeout of 20 s. The test is not a delivery, and statistics do not count it. A payload needs the scope ingest as well, because it is signed. The request has the header X-Hook0-Test: true.',
    body: 'EndpointTestInput',
    isBodyOptional: true,
    answers: [
      {
        status: 200,
        description: 'The result, also if the endpoint failed.',
        schema: 'EndpointTest',
      },
    ],
    problems: ['credentials_unreadable', 'payload_too_large', 'tested_recently'],
  },
} as const satisfies Operations;
