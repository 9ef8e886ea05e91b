import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import type { RollupKey } from '#core/statistics/contribution.ts';
import { type Counters, eventLabel, noCounters } from '#core/statistics/counters.ts';
import { hourMs } from '#core/statistics/hour.ts';
import { newRollup } from '#core/statistics/rollup.ts';
import { anEndpoint, startApi, type TestApi } from '#test/support/api-function.ts';
import { noon } from '#test/support/deliveries.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

let database: TestDatabase;
let api: TestApi;
const halfPast = noon + hourMs / 2;
let now = halfPast;

beforeAll(async () => {
  database = await startDatabase();
  api = await startApi(database, { now: () => now });
});
beforeEach(() => {
  now = halfPast;
});
afterAll(() => database.stop());

const create = async (): Promise<string> =>
  (await api.call('POST /api/endpoints', { body: anEndpoint })).body.id;

const count = (key: RollupKey, counters: Partial<Counters>, updatedAt = now) =>
  api.stores.statistics.store(key, {
    ...newRollup,
    counters: { ...noCounters, ...counters },
    updatedAt,
    revision: 1,
  });
const some: Partial<Counters> = {
  attempts: 4,
  successes: 3,
  duration: 2_000,
  durations: [0, 4, 0, 0, 0, 0, 0, 0],
  retries: { 2: 1 },
  settled: { succeeded: 3, exhausted: 1 },
  lastSuccessAt: noon,
};

let applications = 0;
/** An application of its own, with a token that reads it. */
async function freshApplication() {
  applications += 1;
  const id = `stats-${applications}`;
  await api.call('POST /api/applications', { body: { id, name: id } });
  return { id, headers: { 'x-hook0-application': id }, token: await api.makeTokenFor(id, ['read']) };
}

describe('the statistics of an endpoint', () => {
  it('are totals and hours of the last day', async () => {
    const endpointId = await create();
    const subject = { kind: 'endpoint', endpointId } as const;
    await count({ subject, span: noon }, some);
    await count({ subject, span: noon - 24 * hourMs }, some);
    await count({ subject, span: noon - 25 * hourMs }, some);

    const { status, body } = await api.call(`GET /api/endpoints/${endpointId}/stats`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      endpointId,
      since: '2026-11-22T12:00:00.000Z',
      until: '2026-11-23T13:00:00.000Z',
      totals: {
        attempts: 8,
        successes: 6,
        failures: 2,
        successRate: 0.75,
        retries: { 2: 2 },
        settled: { succeeded: 6, cancelled: 0, dead: 2, deadByReason: { exhausted: 2 } },
        duration: { average: 500, p50: 300, p95: 480, p99: 496 },
        lastSuccessAt: '2026-11-23T12:00:00.000Z',
        lastFailureAt: null,
      },
    });
    expect(body.totals.duration.buckets).toEqual([
      { atMost: 100, attempts: 0 },
      { atMost: 500, attempts: 8 },
      ...[1_000, 2_000, 5_000, 10_000, 30_000, null].map((atMost) => ({ atMost, attempts: 0 })),
    ]);
    expect(body.series.map(({ hour }: { hour: string }) => hour)).toEqual([
      '2026-11-22T12:00:00.000Z',
      '2026-11-23T12:00:00.000Z',
    ]);
    expect(body.series[0]).toEqual({
      ...{ hour: '2026-11-22T12:00:00.000Z', attempts: 4, successes: 3, failures: 1 },
      ...{ succeeded: 3, cancelled: 0, dead: 1 },
    });
  });

  it('are of whole hours around what is asked for', async () => {
    const id = await create();
    const query = 'since=2026-11-23T08:59:59Z&until=2026-11-23T10:00:00Z';

    expect((await api.call(`GET /api/endpoints/${id}/stats?${query}`)).body).toMatchObject({
      since: '2026-11-23T08:00:00.000Z',
      until: '2026-11-23T10:00:00.000Z',
      totals: { attempts: 0, successRate: null, duration: { p50: null } },
      series: [],
    });
  });

  it.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])(
    'are none of %s, which is a time as well',
    async (until) => {
      const id = await create();
      for (const path of ['/api/stats', `/api/endpoints/${id}/stats`]) {
        expect((await api.call(`GET ${path}?until=${until}`)).body).toMatchObject({ series: [] });
      }
    },
  );

  it.each([
    ['since=yesterday', 'since'],
    ['until=2026-11-23', 'until'],
    ['since=2026-11-23T10:00:00Z&until=2026-11-23T10:00:00Z', 'since'],
    ['since=2026-10-01T00:00:00Z&until=2026-11-23T10:00:00Z', 'since'],
    ['from=2026-11-23T10:00:00Z', 'from'],
    ['until=9999-12-31T23:59:59-12:00', 'until'],
    ['since=0000-01-01T00:00:00%2B12:00', 'since'],
  ])('are refused for %s', async (query, field) => {
    const answer = await api.call(`GET /api/stats?${query}`);

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_query', field } });
  });

  it('are nobody else’s, and need the scope read', async () => {
    const id = await create();
    const { token } = await freshApplication();
    expect((await api.call(`GET /api/endpoints/${id}/stats`, { token })).status).toBe(404);
    const ingest = await api.makeTokenFor('default', ['ingest']);
    for (const path of [
      `/api/endpoints/${id}/stats`,
      '/api/stats',
      '/api/metrics',
      '/metrics',
      '/api/metrics/stream',
    ]) {
      expect((await api.call(`GET ${path}`, { token: ingest })).status).toBe(403);
      expect((await api.call(`GET ${path}`, { token: '' })).status).toBe(401);
    }
  });
});

describe('the statistics of an application', () => {
  it('count its events and name the endpoints that fail most', async () => {
    const { id, token } = await freshApplication();
    const subject = { kind: 'application', applicationId: id } as const;
    const idOf = (index: number) => `ep_${String(index).padStart(26, '0')}`;
    const failing = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [idOf(index), index + 1]));
    await count({ subject, span: noon }, { ...some, events: 9, failing });
    await count({ subject, span: noon - hourMs }, { events: 1, failing: { [idOf(0)]: 90 } });

    const { body } = await api.call('GET /api/stats', { token });
    expect(body).toMatchObject({ applicationId: id, events: 10, totals: { attempts: 4 } });
    expect(body.series.map(({ events }: { events: number }) => events)).toEqual([1, 9]);
    expect(body.topFailingEndpoints).toHaveLength(10);
    expect(body.topFailingEndpoints.slice(0, 2)).toEqual([
      { endpointId: idOf(0), failures: 91 },
      { endpointId: idOf(11), failures: 12 },
    ]);
  });
});

/** An application with three endpoints, of which the second was counted and fails. */
async function withMetrics() {
  const application = await freshApplication();
  const { id, headers } = application;
  const ids: string[] = [];
  for (const _ of [1, 2, 3]) {
    ids.push((await api.call('POST /api/endpoints', { body: anEndpoint, headers })).body.id);
    now += 1;
  }
  const [, second = ''] = ids;
  await count({ subject: { kind: 'endpoint', endpointId: second }, span: 'total' }, some);
  const eventLabels = { [eventLabel('order.created', 'shop')]: 5 };
  await count(
    { subject: { kind: 'application', applicationId: id }, span: 'total' },
    { events: 5, eventLabels },
  );
  const circuits = createCircuitStore(api.config);
  await circuits.apply(second, { kind: 'count', epoch: 0, at: 1 });
  await circuits.apply(second, { kind: 'open', epoch: 0, at: 1, until: now + hourMs });
  return { ...application, ids, second };
}

describe('GET /metrics', () => {
  it('shows all of an application’s endpoints, also those that had nothing yet', async () => {
    const { token, ids, second } = await withMetrics();
    const answer = await api.call('GET /metrics', { token });

    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toContain(
      'hook0_events_received_total{event_type="order.created",source="shop"} 5\n',
    );
    expect(answer.text).toContain(`hook0_webhooks_sent_total{endpoint="${second}",status="failure"} 1\n`);
    expect(answer.text).toContain(`hook0_circuit_breaker_state{endpoint="${second}"} 1\n`);
    expect(answer.text).toContain(`hook0_circuit_breaker_state{endpoint="${ids[0]}"} 0\n`);
    expect(answer.text).toContain(`hook0_webhook_duration_seconds_count{endpoint="${ids[2]}"} 0\n`);
  });

  it('speaks OpenMetrics to who prefers it', async () => {
    const { token } = await withMetrics();
    const headers = { accept: 'application/openmetrics-text; version=1.0.0, text/plain;q=0.5' };
    const answer = await api.call('GET /metrics', { token, headers });

    expect(answer.headers['content-type']).toMatch(/^application\/openmetrics-text; version=1.0.0/);
    expect(answer.text).toMatch(/\n# EOF\n$/);
  });

  it('names queues to operators alone', async () => {
    const { token, headers } = await withMetrics();
    const size = 'hook0_queue_size{queue_name="normal"} 6\n';

    expect((await api.call('GET /metrics', { headers })).text).toContain(size);
    expect((await api.call('GET /metrics', { token })).text).not.toContain('hook0_queue_size');
  });

  it('says how to go on when there are more endpoints, each of which is told once', async () => {
    const { headers, ids } = await withMetrics();
    const first = await api.call('GET /metrics?limit=2', { headers });
    expect(first.text).toContain(`# There are more endpoints: also scrape /metrics?after=${ids[1]}\n`);
    expect(first.text).not.toContain(String(ids[2]));

    const rest = await api.call(`GET /metrics?after=${ids[1]}`, { headers });
    expect(rest.text).toContain(`hook0_circuit_breaker_state{endpoint="${ids[2]}"} 0\n`);
    for (const once of [
      String(ids[0]),
      String(ids[1]),
      'hook0_events_received',
      'hook0_queue_size',
      'more endpoints',
    ])
      expect(rest.text).not.toContain(once);
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'after=nothing', 'cursor=a'])('refuses %s', async (query) => {
    expect(await api.call(`GET /metrics?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_query', field: query.split('=')[0] },
    });
  });
});

describe('GET /api/metrics', () => {
  it('has the same in JSON', async () => {
    const { token, ids, second } = await withMetrics();
    const { body } = await api.call('GET /api/metrics?limit=2', { token });

    expect(body.after).toBe(ids[1]);
    expect(body.metrics.hook0_retry_attempts_total.samples).toEqual([
      { labels: { endpoint: second, attempt_number: '2' }, value: 1 },
    ]);
    expect(body.metrics.hook0_queue_size).toBeUndefined();
  });
});

describe('GET /api/metrics/stream', () => {
  const parse = (text: string) =>
    Object.fromEntries(
      text.split('\n').flatMap((line) => (line === '' ? [] : [line.split(/: (.*)/s).slice(0, 2)])),
    );

  it('is one whole event, after which a client waits and comes back', async () => {
    const { token, second } = await withMetrics();
    const answer = await api.call('GET /api/metrics/stream', { token });

    expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(answer.text).toMatch(/\n\n$/);
    expect(parse(answer.text)).toMatchObject({ retry: '30000', id: String(now), event: 'metrics' });
    const sent = JSON.parse(parse(answer.text).data ?? '').metrics.hook0_webhooks_sent_total.samples;
    expect(sent).toContainEqual({ labels: { endpoint: second, status: 'success' }, value: 3 });
  });

  it('tells who comes back what changed meanwhile, and nothing when nothing did', async () => {
    const { token, ids } = await withMetrics();
    const last = Number(parse((await api.call('GET /api/metrics/stream', { token })).text).id);
    now += hourMs;
    const headers = { 'last-event-id': String(last + hourMs / 2) };
    // The open circuit is half-open by now.
    const open = JSON.parse(
      parse((await api.call('GET /api/metrics/stream', { token, headers })).text).data ?? '',
    );
    expect(open.metrics.hook0_circuit_breaker_state.samples).toHaveLength(1);

    await api.call(`POST /api/endpoints/${ids[1]}/circuit/reset`, {
      headers: { 'x-hook0-application': `stats-${applications}` },
    });
    now += hourMs;
    const later = { 'last-event-id': String(now - hourMs / 2) };
    const quiet = await api.call('GET /api/metrics/stream', { token, headers: later });
    expect(parse(quiet.text)).toEqual({ retry: '30000', id: String(now), event: 'metrics' });

    await count({ subject: { kind: 'endpoint', endpointId: ids[0] ?? '' }, span: 'total' }, some);
    const news = JSON.parse(
      parse((await api.call('GET /api/metrics/stream', { token, headers: later })).text).data ?? '',
    );
    expect(Object.keys(news.metrics)).not.toContain('hook0_events_received_total');
    expect(news.metrics.hook0_circuit_breaker_state.samples).toEqual([
      { labels: { endpoint: ids[0] }, value: 0 },
    ]);
  });

  it('starts over for an id that it never gave', async () => {
    const { token } = await withMetrics();
    const headers = { 'last-event-id': 'yesterday' };

    expect((await api.call('GET /api/metrics/stream', { token, headers })).text).toContain(
      'hook0_events_received',
    );
  });
});
