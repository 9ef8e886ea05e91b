import { describe, expect, it } from 'vitest';
import type { IngestPorts } from '#lambdas/ingest/ports.ts';
import { ingest } from '#lambdas/ingest/routes.ts';

const ports: IngestPorts = {
  now: () => 0,
  authenticate: async () => ({
    applicationId: 'default',
    isOperator: false,
    hops: 0,
    token: { id: 't', applicationId: 'default', name: '', scopes: ['ingest'], createdAt: 0 },
  }),
  rateLimiter: { take: async () => undefined },
  newEventId: () => 'evt_1',
  accept: async (_, events) =>
    events.map(() => ({ kind: 'accepted', eventId: 'evt_1', webhookCount: 0 }) as const),
  idempotency: {
    run: async () => {
      throw new Error('no key was given');
    },
  },
};
const post = (path: string, content: string) =>
  ingest(
    {
      method: 'POST',
      path,
      host: 'localhost',
      query: new URLSearchParams(),
      headers: {},
      body: { content, isBase64: false },
      requestId: 'r',
    },
    ports,
  );
const event = (levels: number) => `{"type":"a","payload":${'['.repeat(levels)}${']'.repeat(levels)}}`;

describe('the levels of an event', () => {
  it('are 64 for a single event', async () => {
    expect((await post('/api/events', event(63))).statusCode).toBe(202);
    await expect(post('/api/events', event(64))).rejects.toMatchObject({ code: 'json_too_deep' });
  });

  it('are 64 in a batch too, which accepts the other events', async () => {
    const { statusCode, body } = await post('/api/events/batch', `{"events":[${event(63)},${event(64)}]}`);
    expect(statusCode).toBe(202);
    expect(JSON.parse(String(body)).results).toMatchObject([
      { success: true },
      { success: false, error: { code: 'json_too_deep', field: 'events[1]' } },
    ]);
  });

  it('are bounded for a whole batch', async () => {
    const batch = `{"events":[${event(500_000)}]}`;
    await expect(post('/api/events/batch', batch)).rejects.toMatchObject({ code: 'json_too_deep' });
  });
});
