import { describe, expect, it } from 'vitest';
import { Problem } from '#core/problem/problem.ts';
import type { IngestPorts } from '#lambdas/ingest/ports.ts';
import { ingest } from '#lambdas/ingest/routes.ts';

/** Posts, and returns the status or problem, with what was counted before that. */
async function post(path: string, content: string, { isUsedUp = false } = {}) {
  const counted: { readonly events: number; readonly bytes: number }[] = [];
  const ports: IngestPorts = {
    now: () => 0,
    authenticate: async () => ({
      ...{ applicationId: 'acme', isOperator: false, hops: 0 },
      token: { id: 't', applicationId: 'acme', name: '', scopes: ['ingest'], createdAt: 0 },
    }),
    rateLimiter: {
      take: async (_, posted) => {
        counted.push(posted);
        if (isUsedUp) throw new Problem('application_rate_limited', { detail: 'too many' });
      },
    },
    newEventId: () => 'evt_1',
    accept: async (_, events) =>
      events.map(() => ({ kind: 'accepted', eventId: 'evt_1', webhookCount: 0 }) as const),
    idempotency: {
      run: async () => {
        throw new Error('no key was given');
      },
    },
  };
  const request = {
    ...{ method: 'POST', path, host: 'localhost', query: new URLSearchParams(), headers: {} },
    ...{ body: { content, isBase64: false }, requestId: 'r' },
  };
  const answer = await ingest(request, ports).then(
    ({ statusCode }) => statusCode,
    (problem) => problem.code,
  );
  return { answer, counted };
}

const valid = '{"type":"a","payload":"ü"}';

describe('what is not valid', () => {
  it.each([
    ['/api/events', valid, 202, 1],
    ['/api/events', '{"type":"a"}', 'validation_failed', 1],
    ['/api/events', '{', 'invalid_json', 1],
    ['/api/events/batch', `{"events":[${valid},{"type":"!"},{}]}`, 202, 3],
    ['/api/events/batch', '{"events":[{},{}]}', 202, 2],
    ['/api/events/batch', '{"events":[]}', 'validation_failed', 1],
    ['/api/v1/event', '{}', 'validation_failed', 1],
  ])('counts: %s %s → %s for %i events', async (path, content, expected, events) => {
    const { answer, counted } = await post(path, content);
    expect(answer).toBe(expected);
    expect(counted).toEqual([{ events, bytes: Buffer.byteLength(content) }]);
  });

  it('is refused by the limit rather than for its mistake', async () => {
    expect(await post('/api/events', '{', { isUsedUp: true })).toMatchObject({
      answer: 'application_rate_limited',
    });
  });
});
