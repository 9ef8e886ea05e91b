import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '#core/event/event.ts';
import { createIds } from '#core/id/ids.ts';
import type { IdempotencyKey } from '#core/idempotency/stored-answer.ts';
import { Problem } from '#core/problem/problem.ts';
import type { IngestPorts } from '#lambdas/ingest/ports.ts';
import { ingest } from '#lambdas/ingest/routes.ts';

const now = Date.UTC(2026, 0, 31);
const application_id = randomUUID();
const body = {
  application_id,
  event_type: 'order.invoice.paid',
  payload: '{"a": 1.0}',
  payload_content_type: 'application/json',
  occurred_at: '2026-01-31T00:00:00Z',
  labels: { customer: '42' },
};

/** Ports that keep what is accepted, and answers of keys as the real ones do. */
function world() {
  const accepted: NewEvent[] = [];
  const answers = new Map<string, string>();
  const keys: IdempotencyKey[] = [];
  const ids = createIds({ now: () => now, randomBytes: (count) => Buffer.alloc(count, accepted.length) });
  let failure: Error | undefined;
  const ports: IngestPorts = {
    now: () => now,
    authenticate: async () => ({
      applicationId: 'shop',
      isOperator: false,
      hops: 0,
      token: { id: 't', applicationId: 'shop', name: '', scopes: ['ingest'], createdAt: 0 },
    }),
    newEventId: ids.event,
    rateLimiter: { take: async () => undefined },
    accept: async (_, events, { eventIds }) => {
      if (failure) return events.map(() => ({ kind: 'failed', error: failure }) as const);
      accepted.push(...events);
      return [{ kind: 'accepted', eventId: String(eventIds[0]), webhookCount: 1 }];
    },
    idempotency: {
      run: async (key, { eventIds, requestHash }, work) => {
        keys.push(key);
        const hash = `${key.keyHash} ${requestHash}`;
        const standing = answers.get(hash);
        if (standing !== undefined) return { answer: standing, replayed: true };
        const answer = await work({ eventIds, repeat: false });
        answers.set(hash, answer);
        return { answer, replayed: false };
      },
    },
  };
  const post = (change: object = {}, headers: Record<string, string> = {}) =>
    ingest(
      {
        method: 'POST',
        path: '/api/v1/event',
        host: 'localhost',
        query: new URLSearchParams(),
        headers,
        body: { content: JSON.stringify({ ...body, ...change }), isBase64: false },
        requestId: randomUUID(),
      },
      ports,
    );
  const fail = (error: Error | undefined) => {
    failure = error;
  };
  return { ports, post, accepted, keys, fail };
}

describe('POST /api/v1/event', () => {
  it('accepts the event of a client, and answers as the original does', async () => {
    const { post, accepted } = world();
    const answer = await post();
    expect(answer.statusCode).toBe(201);
    const { eventId, event_id, ...rest } = JSON.parse(answer.body);
    expect(rest).toEqual({ application_id, received_at: '2026-01-31T00:00:00.000Z' });
    expect(eventId).toMatch(/^evt_/);
    expect(event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(accepted).toEqual([
      { type: body.event_type, tags: ['customer:42'], payload: body.payload, delay: 0, hops: 0 },
    ]);
  });

  it('accepts an event_id once, whatever time the repeat says it happened', async () => {
    const { post, accepted } = world();
    const event_id = randomUUID();
    const first = await post({ event_id });
    expect(JSON.parse(first.body)).toMatchObject({ event_id });
    await expect(post({ event_id, occurred_at: '2026-01-31T00:00:09Z' })).rejects.toMatchObject({
      code: 'event_already_ingested',
      id: 'EventAlreadyIngested',
      status: 409,
      detail: expect.stringContaining(JSON.parse(first.body).eventId),
    });
    expect(accepted).toHaveLength(1);
  });

  it('accepts an event_id again after a request that failed', async () => {
    const { post, accepted, fail } = world();
    const event_id = randomUUID();
    fail(new Problem('unavailable', { detail: 'busy', headers: { 'retry-after': '2' } }));
    await expect(post({ event_id })).rejects.toMatchObject({ status: 503, id: 'ServiceUnavailable' });
    fail(undefined);
    expect((await post({ event_id })).statusCode).toBe(201);
    expect(accepted).toHaveLength(1);
  });

  it('answers 503, not 409, while the first request with the event_id is in progress', async () => {
    const { ports, post } = world();
    ports.idempotency.run = async () => {
      throw new Problem('idempotency_in_progress', { detail: 'not done', headers: { 'retry-after': '3' } });
    };
    await expect(post({ event_id: randomUUID() })).rejects.toMatchObject({
      status: 503,
      id: 'ServiceUnavailable',
      headers: { 'retry-after': '3' },
    });
  });

  it('keeps event ids and idempotency keys apart', async () => {
    const { ports, post, keys } = world();
    const event_id = randomUUID();
    await post({ event_id });
    await ingest(
      {
        method: 'POST',
        path: '/api/events',
        host: 'localhost',
        query: new URLSearchParams(),
        headers: { 'idempotency-key': event_id },
        body: { content: '{"type":"a","payload":1}', isBase64: false },
        requestId: 'r',
      },
      ports,
    );
    expect(new Set(keys.map(({ keyHash }) => keyHash)).size).toBe(2);
  });

  it('refuses an Idempotency-Key by name, and uses the error ids of the original', async () => {
    const { post, accepted } = world();
    await expect(post({}, { 'idempotency-key': 'x' })).rejects.toMatchObject({
      code: 'invalid_header',
      field: 'idempotency-key',
    });
    await expect(post({ payload: 'no' })).rejects.toMatchObject({ id: 'EventInvalidJsonPayload' });
    await expect(post({ application_id: 'other' })).rejects.toMatchObject({ status: 404, id: 'NotFound' });
    expect(accepted).toEqual([]);
  });
});
