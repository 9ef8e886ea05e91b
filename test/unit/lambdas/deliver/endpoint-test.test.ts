import { describe, expect, it } from 'vitest';
import { createSender } from '#adapters/http-client/guarded-request.ts';
import type { RequestResult } from '#core/attempt/outcome.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { type EndpointTest, isEndpointTest } from '#core/endpoint-test/endpoint-test.ts';
import { strictPolicy } from '#core/outbound/target-url.ts';
import { testEndpoint } from '#lambdas/deliver/endpoint-test.ts';
import { sendRequest } from '#lambdas/deliver/http.ts';
import type { DeliverPorts, OutgoingRequest } from '#lambdas/deliver/ports.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';

const now = Date.UTC(2026, 0, 1);
const id = 'ep_01jd8k2q3v5x7z9b1c3d5f7g9h';
const test: EndpointTest = {
  ...{ v: 1, kind: 'endpoint-test', applicationId: 'acme', endpointId: id, timestamp: now },
  ...{ eventId: 'evt_test_01jd8k2q3v5x7z9b1c3d5f7g9h', eventType: 'hook0.ping', payload: '{"a":1.0}' },
};
const answered: RequestResult = {
  ...{
    kind: 'answered',
    statusCode: 503,
    responseHeaders: { server: 'x' },
    responseBody: 'busy',
    duration: 7,
  },
};

/** Only what a test may touch: everything else is missing and would throw. */
function world(record: EndpointRecord | undefined, send: DeliverPorts['send'] = async () => answered) {
  const sent: OutgoingRequest[] = [];
  const reported: RequestResult[] = [];
  const ports = {
    version: '1',
    deployment: 'Hook0',
    shortestDelay: 0,
    now: () => now,
    random: () => 0.5,
    endpoint: async () => record,
    send: (request: OutgoingRequest) => {
      sent.push(request);
      return send(request);
    },
  } as unknown as DeliverPorts;
  return { sent, reported, run: () => testEndpoint(test, ports, (_, result) => reported.push(result)) };
}

const recordOf = (given: object = {}): EndpointRecord => ({
  endpoint: anEndpoint({ id, ...given }),
  state: { status: 'disabled', since: 1 },
});

describe('testing an endpoint', () => {
  it('sends what a delivery would send, whatever the status, and tells the attempt', async () => {
    const { run, sent, reported } = world(recordOf({ headers: { 'x-app': 'mine' } }));

    expect(await run()).toEqual({
      kind: 'attempted',
      attempt: {
        ...{ number: 1, generation: 1, startedAt: '2026-01-01T00:00:00.000Z', duration: 7 },
        ...{ success: false, retryable: true, statusCode: 503 },
        ...{ responseHeaders: { server: 'x' }, responseBody: 'busy' },
      },
    });
    expect(sent[0]?.headers).toMatchObject({
      'webhook-id': test.eventId,
      'webhook-signature': expect.stringMatching(/^v1,/),
      'X-Hook0-Attempt': '1',
      'X-Hook0-Test': 'true',
      'x-app': 'mine',
    });
    expect(Buffer.from(sent[0]?.body ?? []).toString()).toBe('{"a":1.0}');
    expect(reported).toEqual([answered]);
  });

  it.each([
    [30_000, 20_000],
    [5_000, 5_000],
  ])('with a timeout of %d ms takes %d at most', async (timeout, most) => {
    const { run, sent } = world(recordOf({ timeout }));
    await run();
    expect(sent[0]?.timeout).toBe(most);
  });

  it.each(['http://127.0.0.1/', 'https://169.254.169.254/latest', 'https://[::1]/'])(
    'refuses the forbidden address %s as a delivery does',
    async (url) => {
      const sender = createSender({ policy: strictPolicy });
      const { run } = world(recordOf({ url }), (request) => sendRequest(sender, request, () => now));
      expect(await run()).toMatchObject({
        attempt: { success: false, errorClass: 'forbidden_target', retryable: false },
      });
    },
  );

  it('shows no credential of the endpoint that the receiver echoes, as no delivery does', async () => {
    const [credential, secret] = ['Bearer a-long-credential-1234', 'the-secret-that-signs'];
    const record = recordOf({
      headers: { authorization: credential },
      secrets: [{ value: secret, createdAt: 0 }],
    });
    const { run, reported } = world(record, async () => ({
      ...answered,
      responseHeaders: { 'x-echo': credential },
      responseBody: `you sent ${credential}, signed with ${secret}`,
    }));
    const told = JSON.stringify([await run(), reported]);
    expect(told).toContain('you sent ****, signed with ****');
    for (const hidden of ['a-long-credential', secret]) expect(told).not.toContain(hidden);
  });

  it.each([
    ['that is gone', undefined],
    ['of another application', recordOf({ applicationId: 'other' })],
  ])('sends nothing for an endpoint %s', async (_, record) => {
    const { run, sent } = world(record);
    expect(await run()).toEqual({ kind: 'missing' });
    expect(sent).toEqual([]);
  });

  it('is told from the messages of a queue', () => {
    expect(isEndpointTest(test)).toBe(true);
    for (const other of [{ Records: [] }, { ...test, v: 2 }, { ...test, payload: undefined }, {}]) {
      expect(isEndpointTest(other)).toBe(false);
    }
  });
});
