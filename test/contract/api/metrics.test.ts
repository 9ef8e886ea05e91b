import { beforeEach, describe, expect, it } from 'vitest';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import type { RollupKey } from '#core/statistics/contribution.ts';
import { type Counters, eventLabel } from '#core/statistics/counters.ts';
import { hourMs } from '#core/statistics/hour.ts';
import { api, apiForAllTests } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import { openCircuit } from '#test/support/circuits.ts';
import { noon } from '#test/support/deliveries.ts';
import { newApplication, someCounters, storeCounters } from '#test/support/stored-counters.ts';

const halfPast = noon + hourMs / 2;
let now = halfPast;

apiForAllTests({ now: () => now });
beforeEach(() => {
  now = halfPast;
});

const count = (key: RollupKey, counters: Partial<Counters>, updatedAt = now) =>
  storeCounters(key, counters, updatedAt);
/** An application with three endpoints. Only the second has counts, and its circuit is open. */
async function withMetrics() {
  const application = await newApplication();
  const { id, headers } = application;
  const ids: string[] = [];
  for (const _ of [1, 2, 3]) {
    ids.push((await api.call('POST /api/endpoints', { body: anEndpoint, headers })).body.id);
    now += 1;
  }
  const [, second = ''] = ids;
  await count({ subject: { kind: 'endpoint', endpointId: second }, span: 'total' }, someCounters);
  const eventLabels = { [eventLabel('order.created', 'shop')]: 5 };
  await count(
    { subject: { kind: 'application', applicationId: id }, span: 'total' },
    { events: 5, eventLabels },
  );
  await createCircuitStore(api.config).store(second, openCircuit({ until: now + hourMs }));
  return { ...application, ids, second };
}

describe('GET /metrics', () => {
  it('shows all endpoints of an application, including those without attempts', async () => {
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

  it('answers OpenMetrics if the request prefers it', async () => {
    const { token } = await withMetrics();
    const headers = { accept: 'application/openmetrics-text; version=1.0.0, text/plain;q=0.5' };
    const answer = await api.call('GET /metrics', { token, headers });

    expect(answer.headers['content-type']).toMatch(/^application\/openmetrics-text; version=1.0.0/);
    expect(answer.text).toMatch(/\n# EOF\n$/);
  });

  it('shows queues only to operators', async () => {
    const { token, headers } = await withMetrics();
    const size = 'hook0_queue_size{queue_name="normal"} 6\n';

    expect((await api.call('GET /metrics', { headers })).text).toContain(size);
    expect((await api.call('GET /metrics', { token })).text).not.toContain('hook0_queue_size');
  });

  it('names the next page, and each endpoint is on one page', async () => {
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
  it('has the same data in JSON', async () => {
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

  it('is one complete event with the time to reconnect', async () => {
    const { token, second } = await withMetrics();
    const answer = await api.call('GET /api/metrics/stream', { token });

    expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(answer.text).toMatch(/\n\n$/);
    expect(parse(answer.text)).toMatchObject({ retry: '30000', id: String(now), event: 'metrics' });
    const sent = JSON.parse(parse(answer.text).data ?? '').metrics.hook0_webhooks_sent_total.samples;
    expect(sent).toContainEqual({ labels: { endpoint: second, status: 'success' }, value: 3 });
  });

  it('sends what has changed since the last event id', async () => {
    const { id, token, ids } = await withMetrics();
    const last = Number(parse((await api.call('GET /api/metrics/stream', { token })).text).id);
    now += hourMs;
    const headers = { 'last-event-id': String(last + hourMs / 2) };
    // The open circuit is half-open by now.
    const open = JSON.parse(
      parse((await api.call('GET /api/metrics/stream', { token, headers })).text).data ?? '',
    );
    expect(open.metrics.hook0_circuit_breaker_state.samples).toHaveLength(1);

    await api.call(`POST /api/endpoints/${ids[1]}/circuit/reset`, {
      headers: { 'x-hook0-application': id },
    });
    now += hourMs;
    const later = { 'last-event-id': String(now - hourMs / 2) };
    const quiet = await api.call('GET /api/metrics/stream', { token, headers: later });
    expect(parse(quiet.text)).toEqual({ retry: '30000', id: String(now), event: 'metrics' });

    await count({ subject: { kind: 'endpoint', endpointId: ids[0] ?? '' }, span: 'total' }, someCounters);
    const news = JSON.parse(
      parse((await api.call('GET /api/metrics/stream', { token, headers: later })).text).data ?? '',
    );
    expect(Object.keys(news.metrics)).not.toContain('hook0_events_received_total');
    expect(news.metrics.hook0_circuit_breaker_state.samples).toEqual([
      { labels: { endpoint: ids[0] }, value: 0 },
    ]);
  });

  it('sends everything for an unknown event id', async () => {
    const { token } = await withMetrics();
    const headers = { 'last-event-id': 'yesterday' };

    expect((await api.call('GET /api/metrics/stream', { token, headers })).text).toContain(
      'hook0_events_received',
    );
  });
});
