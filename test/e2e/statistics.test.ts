import { EventSource } from 'eventsource';
import parsePrometheus from 'parse-prometheus-text-format';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '#test/support/local-stack.ts';
import { waitFor } from '#test/support/wait.ts';

let stack: LocalStack;
let api: Api;
const receivers: Receiver[] = [];

/** As deployed, but for the minute that Lambda waits for a batch to fill up. */
const atOnce: LocalStackOptions['mutateTemplate'] = ({ Resources }) => {
  for (const [id, resource] of Object.entries(Resources)) {
    if (!id.startsWith('Hook0RollupChanges')) continue;
    const { Properties } = resource as { Properties: Record<string, unknown> };
    Properties.MaximumBatchingWindowInSeconds = 0;
  }
};

beforeAll(async () => {
  stack = await startLocalStack({ mutateTemplate: atOnce });
  api = createApi(stack.url, stack.adminToken);
});
afterAll(async () => {
  stack.proxy.faults.clear();
  await stack.stop();
  await Promise.all(receivers.map((receiver) => receiver.stop()));
});

type Row = Readonly<Record<string, unknown>>;

async function endpoint(
  type: string,
  answer: Parameters<typeof startReceiver>[0],
  rest: Row = {},
  as = api,
): Promise<string> {
  const receiver = await startReceiver(answer);
  receivers.push(receiver);
  const created = await as.expect(201, 'POST', '/api/endpoints', {
    ...{ name: 'test', url: receiver.url, events: [type], circuitBreaker: { threshold: 100 } },
    ...rest,
  });
  return String(created.id);
}

const post = (type: string, source = 'shop', as = api) =>
  as.expect(202, 'POST', '/api/events', { type, source, payload: { of: type } });

interface Stats {
  readonly attempts: number;
  readonly successes: number;
  readonly retries: Readonly<Record<string, number>>;
  readonly settled: Row;
}

/** The statistics of an endpoint once so many of its deliveries have ended and are counted. */
const settledStats = (id: string, ended: number, as = api) =>
  waitFor(`${ended} ends of ${id} to be counted`, async () => {
    const { totals, series } = await as.expect(200, 'GET', `/api/endpoints/${id}/stats`);
    const stats = totals as Stats;
    const { succeeded, dead, cancelled } = stats.settled;
    return Number(succeeded) + Number(dead) + Number(cancelled) >= ended && { ...stats, series };
  });

const scrape = async (headers: Readonly<Record<string, string>> = {}) =>
  parsePrometheus((await api.call('GET', '/metrics', undefined, headers)).text);

/** An application that nobody else posts to, with a token of its own. */
async function freshApplication(id: string): Promise<Api> {
  await api.expect(201, 'POST', '/api/applications', { id, name: id });
  const scopes = ['manage', 'ingest', 'read'];
  const { token } = await api.expect(201, 'POST', '/api/tokens', { name: id, applicationId: id, scopes });
  return createApi(stack.url, String(token));
}

describe('what was delivered is counted', () => {
  it('exactly, for a good, a flaky and a dead endpoint: in statistics, metrics and the exposition', async () => {
    const own = await freshApplication('counted');
    const all = { events: ['count.*'] };
    const good = await endpoint('', () => ({ status: 200 }), all, own);
    const retryConfig = { maxAttempts: 4, strategy: 'fixed', baseDelay: 1000 };
    const flakily = (number: number) => ({ status: number <= 2 ? 503 : 200 });
    const flaky = await endpoint('', flakily, { ...all, retryConfig }, own);
    const dead = await endpoint(
      '',
      () => ({ status: 500 }),
      { ...all, retryConfig: { maxAttempts: 1 } },
      own,
    );
    for (let posted = 0; posted < 4; posted += 1) await post('count.created', 'shop', own);
    await post('count.paid', 'till "3"', own);

    const [goodStats, flakyStats, deadStats] = await Promise.all(
      [good, flaky, dead].map((id) => settledStats(id, 5, own)),
    );
    expect(goodStats).toMatchObject({ attempts: 5, successes: 5, successRate: 1, retries: {} });
    // Two failures among five deliveries, wherever they fell.
    expect(flakyStats).toMatchObject({ attempts: 7, successes: 5, settled: { succeeded: 5, dead: 0 } });
    expect(Object.values(flakyStats?.retries ?? {}).reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(deadStats).toMatchObject({
      attempts: 5,
      successes: 0,
      settled: { succeeded: 0, dead: 5, deadByReason: { exhausted: 5 } },
    });

    const application = await waitFor('the events to be counted', async () => {
      const found = await own.expect(200, 'GET', '/api/stats');
      return Number(found.events) >= 5 && Number((found.totals as Stats).attempts) >= 17 && found;
    });
    expect(application).toMatchObject({
      events: 5,
      totals: { attempts: 17, successes: 10, settled: { succeeded: 10, dead: 5 } },
      topFailingEndpoints: [
        { endpointId: dead, failures: 5 },
        { endpointId: flaky, failures: 2 },
      ],
    });

    const ofIt = { 'x-hook0-application': 'counted' };
    const families = new Map((await scrape(ofIt)).map((family) => [family.name, family.metrics]));
    expect(families.get('hook0_events_received_total')).toEqual(
      expect.arrayContaining([
        { value: '4', labels: { event_type: 'count.created', source: 'shop' } },
        { value: '1', labels: { event_type: 'count.paid', source: 'till "3"' } },
      ]),
    );
    expect(families.get('hook0_webhooks_sent_total')).toEqual(
      expect.arrayContaining([
        { value: '5', labels: { endpoint: good, status: 'success' } },
        { value: '0', labels: { endpoint: good, status: 'failure' } },
        { value: '2', labels: { endpoint: flaky, status: 'failure' } },
        { value: '5', labels: { endpoint: dead, status: 'failure' } },
      ]),
    );
    // The parser makes one of all histograms, so they are looked for in the text.
    expect((await api.call('GET', '/metrics', undefined, ofIt)).text).toContain(
      `hook0_webhook_duration_seconds_count{endpoint="${flaky}"} 7\n`,
    );
    expect(
      families
        .get('hook0_queue_size')
        ?.map(({ labels }) => labels?.queue_name)
        .sort(),
    ).toEqual([
      ...['dead-letter', 'fan-out', 'high', 'low', 'normal'],
      ...['quarantine', 'redrive', 'retry', 'slow'],
    ]);
    expect(families.get('hook0_queue_size')).toContainEqual({
      value: '5',
      labels: { queue_name: 'dead-letter' },
    });
    const { json } = await api.call('GET', '/api/metrics', undefined, ofIt);
    expect(Object.keys((json as { metrics: Row }).metrics).sort()).toEqual([...families.keys()].sort());
  });

  it('once, when the tables are away in the middle of a batch', async () => {
    const id = await endpoint('broken.batch', () => ({ status: 200 }));
    // The first write is done and its answer lost; then the table is away for longer than the SDK tries.
    const match = ({ principal, action }: { principal: string; action: string }) =>
      principal.startsWith('Hook0Rollup') && action === 'PutItem';
    stack.proxy.faults.add({ match, kind: 'drop-response', times: 1 });
    const away = stack.proxy.faults.add({ match, kind: 'throttle', times: 7 });
    for (let posted = 0; posted < 6; posted += 1) await post('broken.batch');

    await waitFor('the table to be back', async () => away.hits === 7);
    const sent = await waitFor('the total', async () => {
      const family = (await scrape()).find(({ name }) => name === 'hook0_webhooks_sent_total');
      const metric = family?.metrics.find(
        ({ labels }) => labels?.endpoint === id && labels.status === 'success',
      );
      return Number(metric?.value) >= 6 && metric;
    });
    expect(sent).toMatchObject({ value: '6' });
    expect(await settledStats(id, 6)).toMatchObject({ attempts: 6, settled: { succeeded: 6 } });
  });
});

describe('metrics by server-sent events', () => {
  it('reach an ordinary client, which comes back by itself for what is new', async () => {
    const id = await endpoint('stream.told', () => ({ status: 200 }));
    await post('stream.told');
    await settledStats(id, 1);
    const asked: (string | null)[] = [];
    const received: string[] = [];
    const source = new EventSource(`${stack.url}/api/metrics/stream`, {
      fetch: async (url, init) => {
        const headers = new Headers(init?.headers);
        asked.push(headers.get('last-event-id'));
        headers.set('authorization', `Bearer ${stack.adminToken}`);
        const answer = await fetch(url, { ...init, headers });
        // A minute's pause, shortened.
        return new Response((await answer.text()).replace(/^retry: \d+/, 'retry: 100'), answer);
      },
    });
    source.addEventListener('metrics', ({ data }) => received.push(data));
    try {
      await waitFor('the first event', async () => received.length > 0);
      expect(received[0]).toContain(id);
      const before = received.length;
      await post('stream.told');
      await waitFor('the news', async () =>
        received.slice(before).some((data) => {
          const samples = JSON.parse(data).metrics.hook0_webhooks_sent_total?.samples ?? [];
          return samples.some(
            ({ labels, value }: { labels: Row; value: number }) =>
              labels.endpoint === id && labels.status === 'success' && value === 2,
          );
        }),
      );
      expect(asked[0]).toBeNull();
      expect(asked.slice(1).every((last) => /^\d{13}$/.test(last ?? ''))).toBe(true);
    } finally {
      source.close();
    }
  });
});

describe('metrics of our own', () => {
  it('are written by name and deployment, never by endpoint, application or type', async () => {
    const id = await endpoint('plain.metric', () => ({ status: 200 }));
    await post('plain.metric');
    await settledStats(id, 1);

    const written = stack.metrics.list();
    expect(written.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['EventsAccepted', 'AttemptSucceeded']),
    );
    for (const { namespace, dimensions } of written) {
      expect(namespace).toBe('Hook0');
      expect(Object.keys(dimensions ?? {}).sort()).toEqual(['deployment', 'service']);
    }
  });
});
