import { beforeEach, describe, expect, it } from 'vitest';
import type { RollupKey } from '#core/statistics/contribution.ts';
import type { Counters } from '#core/statistics/counters.ts';
import { hourMs } from '#core/statistics/hour.ts';
import { api, apiForAllTests } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import { noon } from '#test/support/deliveries.ts';
import { newApplication, someCounters, storeCounters } from '#test/support/stored-counters.ts';

const halfPast = noon + hourMs / 2;
let now = halfPast;

apiForAllTests({ now: () => now });
beforeEach(() => {
  now = halfPast;
});

const create = async (): Promise<string> =>
  (await api.call('POST /api/endpoints', { body: anEndpoint })).body.id;

const count = (key: RollupKey, counters: Partial<Counters>, updatedAt = now) =>
  storeCounters(key, counters, updatedAt);
describe('the statistics of an endpoint', () => {
  it('are totals and hours of the last day', async () => {
    const endpointId = await create();
    const subject = { kind: 'endpoint', endpointId } as const;
    await count({ subject, span: noon }, someCounters);
    await count({ subject, span: noon - 24 * hourMs }, someCounters);
    await count({ subject, span: noon - 25 * hourMs }, someCounters);

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

  it('cover whole hours around the requested period', async () => {
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

  it('belong to one application and need the scope read', async () => {
    const id = await create();
    const { token } = await newApplication();
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
    const { id, token } = await newApplication();
    const subject = { kind: 'application', applicationId: id } as const;
    const idOf = (index: number) => `ep_${String(index).padStart(26, '0')}`;
    const failing = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [idOf(index), index + 1]));
    await count({ subject, span: noon }, { ...someCounters, events: 9, failing });
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
