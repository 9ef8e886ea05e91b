import { describe, expect, it } from 'vitest';
import { Hook0Client } from '#sdk/src/client.ts';
import { ApiError, Hook0Error, NoAnswerError } from '#sdk/src/errors.ts';
import { type ClientOptions, Transport, type TransportPorts } from '#sdk/src/transport.ts';

const options: ClientOptions = { url: 'https://api.example.com/', token: 'hk0_test' };

type Step = { status: number; body?: unknown; headers?: Record<string, string> } | Error;

/** A client that gets the given answers in order. */
function clientOf(steps: readonly Step[], change: Partial<ClientOptions> = {}) {
  const requests: { method: string; url: string; headers: Headers; body: string }[] = [];
  const pauses: number[] = [];
  const rest = [...steps];
  const ports: TransportPorts = {
    fetch: async (url, init) => {
      requests.push({
        method: String(init?.method),
        url: String(url),
        headers: new Headers(init?.headers),
        body: String(init?.body ?? ''),
      });
      const step = rest.shift();
      if (step === undefined) throw new Error('one request too many');
      if (step instanceof Error) throw step;
      const text = typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
      return new Response(step.status === 204 ? null : text, {
        status: step.status,
        headers: step.headers ?? {},
      });
    },
    sleep: async (milliseconds) => pauses.push(milliseconds),
    random: () => 0,
  };
  const all = { ...options, ...change };
  return { client: new Hook0Client(all, new Transport(all, ports)), requests, pauses };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}): Step => ({
  status,
  headers,
  body: { status, code, detail: 'the detail', field: 'url', accepted: 'https', requestId: 'r-1' },
});
const accepted = { success: true, eventId: 'evt_1', webhookCount: 2 };
const lost = new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });

describe('a request', () => {
  it('has the path, the token and the application', async () => {
    const { client, requests } = clientOf([{ status: 200, body: { id: 'ep_1' } }], { application: 'shop' });
    expect(await client.endpoints.get('ep_1')).toEqual({ id: 'ep_1' });
    expect(requests[0]).toMatchObject({ method: 'GET', url: 'https://api.example.com/api/endpoints/ep_1' });
    expect(Object.fromEntries(requests[0]?.headers ?? [])).toMatchObject({
      authorization: 'Bearer hk0_test',
      'x-hook0-application': 'shop',
      'user-agent': expect.stringMatching(/^hook0-sdk\/\d+\.\d+\.\d+$/),
    });
  });

  it('escapes ids, and refuses ids that would change the path', async () => {
    const { client, requests } = clientOf([{ status: 200, body: {} }]);
    await client.tasks.get('a/b?c');
    expect(requests[0]?.url).toBe('https://api.example.com/api/tasks/a%2Fb%3Fc');
    for (const id of ['', '.', '..'])
      await expect(client.endpoints.delete(id)).rejects.toThrow('expected an id');
  });

  it('fails at once when fetch blocks the port', async () => {
    const client = new Hook0Client({ url: 'http://127.0.0.1:1', token: 'hk0_test', retries: 3 });
    const failed = await client.endpoints.get('ep_1').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Hook0Error);
    expect(failed).not.toBeInstanceOf(NoAnswerError);
    expect(String(failed)).toContain('url: received http://127.0.0.1:1, but fetch blocks this port');
  });

  it.each([
    [{ url: 'api.example.com' }, 'url: received "api.example.com"'],
    [{ url: 'ftp://api.example.com' }, 'url: received'],
    [{ token: 'two words' }, 'token: expected'],
    [{ timeout: 0 }, 'timeout: received 0'],
    [{ retries: -1 }, 'retries: received -1'],
  ])('is not possible with the options %j', (change, message) => {
    expect(() => new Hook0Client({ ...options, ...change })).toThrow(message);
    expect(() => new Hook0Client({ ...options, ...change })).toThrow(Hook0Error);
  });
});

describe('an event', () => {
  it('has the same idempotency key in all attempts, and an unchanged payload', async () => {
    const { client, requests, pauses } = clientOf([
      lost,
      problem(503, 'unavailable', { 'retry-after': '2' }),
      { status: 202, body: accepted },
    ]);
    const payloadJson = '{"id":12345678901234567890,"total":1.0}';
    expect(
      await client.events.send({ type: 'order.created', payloadJson, options: { tags: ['a'] } }),
    ).toEqual(accepted);
    expect(requests.map(({ body }) => body)).toEqual(
      Array(3).fill(`{"payload":${payloadJson},"type":"order.created","options":{"tags":["a"]}}`),
    );
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
    expect(pauses).toEqual([250, 2_000]);
  });

  it('waits for another request with the same key, and uses a given key', async () => {
    const busy = problem(409, 'idempotency_in_progress', { 'retry-after': '1' });
    const { client, requests } = clientOf([busy, { status: 202, body: accepted }]);
    await client.events.send({ type: 'a', payload: 1 }, { idempotencyKey: 'order-1' });
    expect(requests.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['order-1', 'order-1']);
  });

  it('can be part of a batch', async () => {
    const { client, requests } = clientOf([
      { status: 202, body: { results: [accepted, { success: false }] } },
    ]);
    const events = [
      { type: 'a', payload: { n: 1 } },
      { type: 'b', payloadJson: '2.0' },
    ];
    expect(await client.events.sendBatch(events)).toHaveLength(2);
    expect(requests[0]?.body).toBe('{"events":[{"type":"a","payload":{"n":1}},{"payload":2.0,"type":"b"}]}');
  });
});

describe('an error', () => {
  it('has the members of the problem document', async () => {
    const { client } = clientOf([problem(400, 'validation_failed')]);
    const error = await client.endpoints.get('ep_1').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 400,
      code: 'validation_failed',
      field: 'url',
      accepted: 'https',
      requestId: 'r-1',
      message: 'GET /api/endpoints/ep_1: 400 validation_failed: the detail',
    });
  });

  it('is made from answers that are not problem documents', async () => {
    const { client } = clientOf([
      { status: 403, body: { message: 'Forbidden' } },
      { status: 404, body: '<html>' },
    ]);
    await expect(client.tasks.get('t')).rejects.toMatchObject({ code: 'unknown', detail: 'Forbidden' });
    await expect(client.tasks.get('t')).rejects.toMatchObject({ code: 'unknown', status: 404 });
  });

  it('comes after the configured number of retries', async () => {
    const { client, requests, pauses } = clientOf(Array(3).fill(lost), { retries: 2 });
    const error = await client.tasks.get('t').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(String(error)).toContain('GET /api/tasks/t: no answer after 3 attempts: read ECONNRESET');
    expect(requests).toHaveLength(3);
    expect(pauses).toEqual([250, 500]);
  });

  it('comes at once when Retry-After is long', async () => {
    const { client, requests } = clientOf([problem(503, 'unavailable', { 'retry-after': '3600' })]);
    await expect(client.tasks.get('t')).rejects.toMatchObject({ status: 503 });
    expect(requests).toHaveLength(1);
  });
});

describe('a request that may already have had its effect', () => {
  const endpoint = { name: 'a', url: 'https://a.example.com', events: ['*'] };

  it('is not repeated', async () => {
    for (const step of [lost, problem(503, 'unavailable'), problem(500, 'internal_error')]) {
      const { client, requests } = clientOf([step]);
      await expect(client.endpoints.create(endpoint)).rejects.toThrow(Hook0Error);
      expect(requests).toHaveLength(1);
    }
  });

  it.each<[string, (client: Hook0Client) => Promise<unknown>]>([
    ['a rotation', ({ endpoints }) => endpoints.rotateSecret('ep_1')],
    ['a test', ({ endpoints }) => endpoints.test('ep_1')],
    ['a recovery', ({ endpoints }) => endpoints.recover('ep_1', { since: '2026-01-01T00:00:00Z' })],
    ['a portal token', ({ applications }) => applications.createPortalToken('shop')],
  ])('is not repeated: %s', async (_, call) => {
    const { client, requests } = clientOf([lost]);
    await expect(call(client)).rejects.toThrow(NoAnswerError);
    expect(requests).toHaveLength(1);
  });

  it('is repeated when the answer says that it had no effect', async () => {
    const { client, requests } = clientOf([
      { status: 429, body: { message: 'Too Many Requests' } },
      problem(503, 'contended'),
      { status: 201, body: { id: 'ep_1' } },
    ]);
    expect(await client.endpoints.create(endpoint)).toEqual({ id: 'ep_1' });
    expect(requests).toHaveLength(3);
  });

  it('counts as successful when a repeated delete finds nothing', async () => {
    const { client } = clientOf([lost, problem(404, 'not_found'), problem(404, 'not_found')]);
    await client.endpoints.delete('ep_1');
    await expect(client.endpoints.delete('ep_1')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('metrics', () => {
  it('are returned as text, and their errors are thrown', async () => {
    const text = '# TYPE hook0_queue_size gauge\n';
    const { client, requests } = clientOf([{ status: 200, body: text }, problem(400, 'invalid_query')]);
    expect(await client.metrics.text({ after: 'ep_1' })).toBe(text);
    expect(requests[0]).toMatchObject({ url: 'https://api.example.com/metrics?after=ep_1' });
    expect(requests[0]?.headers.get('accept')).toBe('text/plain');
    await expect(client.metrics.text()).rejects.toMatchObject({ code: 'invalid_query', field: 'url' });
  });
});

describe('a list', () => {
  it('is read page by page', async () => {
    const page = (ids: string[], nextCursor: string | null): Step => ({
      status: 200,
      body: { data: ids.map((id) => ({ id })), nextCursor },
    });
    const { client, requests } = clientOf([page(['1', '2'], 'c1'), page([], 'c2'), page(['3'], null)]);
    const ids: string[] = [];
    for await (const { id } of client.deadLetters.all({ endpointId: 'ep_1' })) ids.push(id);
    expect(ids).toEqual(['1', '2', '3']);
    expect(requests.map(({ url }) => new URL(url).search)).toEqual([
      '?limit=100&endpointId=ep_1',
      '?limit=100&endpointId=ep_1&cursor=c1',
      '?limit=100&endpointId=ep_1&cursor=c2',
    ]);
  });
});
