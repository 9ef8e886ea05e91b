import { describe, expect, it } from 'vitest';
import { v1Application } from '#core/compat-v1/application.ts';
import { parseV1Event } from '#core/compat-v1/event.ts';
import { withV1Id } from '#core/compat-v1/problem-ids.ts';
import { Problem, problemDocument } from '#core/problem/problem.ts';
import { operations } from '#openapi/operations.ts';
import { problemsOf } from '#openapi/problems.ts';
import { allRoutes } from '#openapi/routes.ts';

const applicationId = '7f1d0c52-6c5e-4a3f-9b11-2f0e8b6f7a10';
const eventId = '018F6D3C-5B0A-7C1E-9D55-3A1F0C9B7E42';
const posted = {
  event_id: eventId,
  application_id: applicationId,
  event_type: 'order.invoice.paid',
  payload: '{ "amount": 1.0, "id": 12345678901234567890 }',
  payload_content_type: 'application/json',
  metadata: { trace: 'abc' },
  occurred_at: '2026-01-31T12:00:00.000Z',
  labels: { customer: '42', region: 'eu' },
};

const parse = (event: object) => parseV1Event(JSON.stringify(event));

const refusal = (change: Record<string, unknown>): Problem => {
  try {
    parse({ ...posted, ...change });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was taken');
};

describe('an event of the original API', () => {
  it('keeps its payload as it was written and its labels as tags', () => {
    expect(parse(posted)).toEqual({
      eventId: eventId.toLowerCase(),
      applicationId,
      type: 'order.invoice.paid',
      payload: posted.payload,
      tags: ['customer:42', 'region:eu'],
    });
  });

  it('may leave out what the client leaves out, and say more than anybody knows', () => {
    const { event_type, payload, payload_content_type } = posted;
    const least = { application_id: applicationId, event_type, payload, payload_content_type };
    expect(parse({ ...least, application_secret: 'old' })).toEqual({
      applicationId,
      type: event_type,
      payload,
      tags: [],
    });
  });

  it.each([
    [{ event_id: 'order-1' }, 'validation_failed', 'event_id'],
    [{ event_type: 'order invoice' }, 'validation_failed', 'event_type'],
    [{ payload: { amount: 1 } }, 'validation_failed', 'payload'],
    [{ occurred_at: 'yesterday' }, 'validation_failed', 'occurred_at'],
    [{ metadata: 'x' }, 'validation_failed', 'metadata'],
    [{ application_id: undefined }, 'validation_failed', 'application_id'],
    [{ labels: { customer: 42 } }, 'validation_failed', 'labels.customer'],
    [{ labels: { 'a:b': 'c' } }, 'validation_failed', 'labels["a:b"]'],
    [{ labels: { '': 'c' } }, 'validation_failed', 'labels[""]'],
    [{ labels: { customer: 'x'.repeat(56) } }, 'validation_failed', 'labels.customer'],
    [{ labels: { customer: 'a\nb' } }, 'validation_failed', 'labels.customer'],
    [{ labels: { customer: '\ud800' } }, 'validation_failed', 'labels.customer'],
    [{ payload: '{"a":' }, 'payload_not_json', 'payload'],
    [{ payload: '' }, 'payload_not_json', 'payload'],
    [{ payload: '"\ud800"' }, 'payload_not_json', 'payload'],
    [{ payload: `${'['.repeat(64)}${']'.repeat(64)}` }, 'payload_not_json', 'payload'],
    [{ payload: `"${'x'.repeat(256 * 1024)}"` }, 'payload_too_large', 'payload'],
    [
      { payload: 'hello', payload_content_type: 'text/plain' },
      'payload_content_type',
      'payload_content_type',
    ],
    [
      { payload: 'aGVsbG8=', payload_content_type: 'application/octet-stream+base64' },
      'payload_content_type',
      'payload_content_type',
    ],
  ] as const)('%j is refused', (change, code, field) => {
    expect(refusal(change)).toMatchObject({ code, field });
  });

  it('has as many labels as an event has tags', () => {
    const labels = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
    expect(parse({ ...posted, labels: labels(20) }).tags).toHaveLength(20);
    expect(refusal({ labels: labels(21) })).toMatchObject({ code: 'validation_failed', field: 'labels' });
  });

  it('says each thing once', () => {
    const twice = JSON.stringify(posted).replace('{', '{"payload":"{}",');
    expect(() => parseV1Event(twice)).toThrow('payload: duplicate field; accepted: each field once');
  });

  it('nests as deeply as one that is posted to /api/events', () => {
    const payload = `${'['.repeat(63)}${']'.repeat(63)}`;
    expect(parse({ ...posted, payload }).payload).toBe(payload);
  });
});

describe('the application of a request of the original API', () => {
  const own = { applicationId: 'shop', isOperator: false };
  const operator = { applicationId: 'default', isOperator: true };

  it('is the token’s, whatever UUID the original knew it by', () => {
    expect(v1Application(own, applicationId, false)).toBe('shop');
    expect(v1Application(own, 'shop', false)).toBe('shop');
  });

  it('is never the application of another token', () => {
    expect(() => v1Application(own, 'other', false)).toThrow(/there is no application "other"/);
  });

  it('is named by the id or the header when the token is for all', () => {
    expect(v1Application(operator, applicationId.toUpperCase(), false)).toBe(applicationId);
    expect(v1Application(operator, 'shop', false)).toBe('shop');
    expect(v1Application({ ...operator, applicationId: 'shop' }, applicationId, true)).toBe('shop');
    expect(() => v1Application(operator, 'a#b', false)).toThrow(/there is no application/);
    expect(() => v1Application({ ...operator, applicationId: 'shop' }, 'other', true)).toThrow(
      /no application/,
    );
  });
});

describe('problems of the original API', () => {
  it('carry the id that its clients know, beside ours', () => {
    const problem = withV1Id(refusal({ payload_content_type: 'text/plain' }));
    expect(problemDocument(problem)).toMatchObject({
      code: 'payload_content_type',
      id: 'EventInvalidPayloadContentType',
      status: 400,
      detail: expect.stringContaining('received the string "text/plain"; accepted: application/json'),
    });
  });

  it('have one for all that these routes answer, but for mistakes of ours', () => {
    const untold = allRoutes()
      .filter(({ path }) => path.startsWith('/api/v1/'))
      .flatMap((one) => {
        const operation = operations[`${one.method} ${one.path}`];
        return operation === undefined ? [] : problemsOf(one, operation);
      })
      .filter((code) => withV1Id(new Problem(code, { detail: 'no' })).id === undefined);
    expect([...new Set(untold)]).toEqual(['internal_error']);
  });

  it.each([
    ['event_type_archived', 'EventTypeDoesNotExist'],
    ['limit_reached', 'TooManyEventTypesPerApplication'],
    ['rate_limited', 'RateLimited'],
    ['capability_missing', 'Forbidden'],
  ] as const)('%s is %s there', (code, id) => {
    expect(withV1Id(new Problem(code, { detail: 'no' }))).toMatchObject({ code, id });
  });

  it('keep their headers and say no id where the original has no word', () => {
    const headers = { 'retry-after': '2' };
    expect(withV1Id(new Problem('unavailable', { detail: 'busy', headers }))).toMatchObject({
      id: 'ServiceUnavailable',
      headers,
    });
    const problem = new Problem('wrong_state', { detail: 'no' });
    expect(withV1Id(problem)).toBe(problem);
  });
});
