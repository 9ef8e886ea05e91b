import { describe, expect, it } from 'vitest';
import type { Hook0Client } from '#sdk/src/client/client.ts';
import { ApiError, NoAnswerError, UnexpectedAnswerError } from '#sdk/src/client/errors.ts';
import { Hook0Error } from '#sdk/src/errors.ts';
import {
  example,
  exampleBody,
  lost,
  problem,
  type Step,
  scriptedClient,
} from '#test/support/scripted-client.ts';

const task = example('getTask', 200);
const endpoint = { name: 'a', url: 'https://a.example.com', events: ['*'] };

describe('a request', () => {
  it('has the path, the token and the application', async () => {
    const { client, requests } = scriptedClient([task], { application: 'shop' });
    await client.tasks.get('tsk_1');
    expect(requests[0]).toMatchObject({ method: 'GET', url: 'https://api.example.com/api/tasks/tsk_1' });
    // Another host must not get the token.
    expect(requests[0]?.init.redirect).toBe('manual');
    expect(Object.fromEntries(requests[0]?.headers ?? [])).toMatchObject({
      accept: 'application/json',
      authorization: 'Bearer hk0_test',
      'x-hook0-application': 'shop',
      'user-agent': expect.stringMatching(/^hook0-sdk\/\d+\.\d+\.\d+$/),
    });
  });

  it('escapes ids, and refuses ids that would change the path', async () => {
    const { client, requests } = scriptedClient([task]);
    await client.tasks.get('a/b?c');
    expect(requests[0]?.url).toBe('https://api.example.com/api/tasks/a%2Fb%3Fc');
    for (const id of ['', '.', '..', undefined as unknown as string]) {
      await expect(client.endpoints.delete(id)).rejects.toThrow('endpointId: received');
    }
    expect(requests).toHaveLength(1);
  });

  it('has the query', async () => {
    const { client, requests } = scriptedClient([example('listEvents', 200)]);
    await client.events.list({ type: 'order.created', tag: 'a b', limit: 5 });
    expect(requests[0]?.url).toBe('https://api.example.com/api/events?type=order.created&tag=a+b&limit=5');
  });

  it('refuses a body that cannot be written as JSON', async () => {
    const { client, requests } = scriptedClient([]);
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const created = client.endpoints.create({ ...endpoint, metadata: cyclic });
    await expect(created).rejects.toThrow('POST /api/endpoints: it cannot be written as JSON');
    expect(requests).toHaveLength(0);
  });

  it('fails at once when fetch blocks the port', async () => {
    const { client } = scriptedClient([], { apiUrl: 'http://127.0.0.1:1', fetch: globalThis.fetch });
    const failed = await client.endpoints.get('ep_1').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Hook0Error);
    expect(failed).not.toBeInstanceOf(NoAnswerError);
    expect(String(failed)).toContain('apiUrl: received http://127.0.0.1:1, but fetch blocks this port');
  });
});

describe('an error', () => {
  it('has the members of the problem document', async () => {
    const { client } = scriptedClient([problem(400, 'validation_failed')]);
    const error = await client.endpoints.get('ep_1').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      httpStatus: 400,
      code: 'validation_failed',
      field: 'url',
      accepted: 'https',
      requestId: 'r-1',
      message: 'GET /api/endpoints/ep_1: 400 validation_failed: the detail',
    });
    // Express and Fastify answer with these, and the status of our request is not the status of theirs.
    expect(error).not.toHaveProperty('status');
    expect(error).not.toHaveProperty('statusCode');
  });

  it('says what answered, when that is not the API', async () => {
    const { client } = scriptedClient([
      { status: 403, body: { message: 'Forbidden' } },
      { status: 404, body: '<html>\n  Not here', headers: { 'content-type': 'text/html', server: 'nginx' } },
      { status: 301, headers: { location: 'https://api.example.com/v2' } },
    ]);
    await expect(client.tasks.get('t')).rejects.toMatchObject({ code: 'unknown', detail: 'Forbidden' });
    await expect(client.tasks.get('t')).rejects.toThrow(
      'GET /api/tasks/t: 404 unknown: 404 text/html from nginx: <html> Not here',
    );
    await expect(client.tasks.get('t')).rejects.toThrow(
      '301 without a content-type to https://api.example.com/v2: an empty body',
    );
  });

  it('says which member is missing', async () => {
    const { client } = scriptedClient([
      { status: 200, body: { id: 'tsk_1', type: 'redrive', status: 'done' } },
    ]);
    const error = await client.tasks.get('t').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(String(error)).toContain('because the body.dryRun is not boolean');
  });

  it('comes after the configured number of retries', async () => {
    const { client, requests, pauses } = scriptedClient([lost, lost, lost], { retries: 2 });
    const error = await client.tasks.get('t').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(String(error)).toContain('GET /api/tasks/t: no answer after 3 attempts: read ECONNRESET');
    expect(requests).toHaveLength(3);
    expect(pauses).toEqual([250, 500]);
  });
});

describe('Retry-After', () => {
  it.each([
    ['seconds', '2', [2_000]],
    ['a date', 'Tue, 24 Nov 2026 16:00:05 GMT', [5_000]],
    ['a date that is over', 'Tue, 24 Nov 2026 15:00:00 GMT', [250]],
    ['nonsense', '1.5', [250]],
    ['a time shorter than the pause', '0', [250]],
  ])('is read as %s', async (_, header, expected) => {
    const { client, pauses } = scriptedClient([problem(503, 'unavailable', { 'retry-after': header }), task]);
    await client.tasks.get('t');
    expect(pauses).toEqual(expected);
  });

  it.each(['3600', 'Tue, 24 Nov 2026 17:00:00 GMT'])(
    'ends the call at once when it is long: %s',
    async (header) => {
      const { client, requests } = scriptedClient([problem(503, 'unavailable', { 'retry-after': header })]);
      await expect(client.tasks.get('t')).rejects.toMatchObject({ httpStatus: 503 });
      expect(requests).toHaveLength(1);
    },
  );
});

describe('a request that may already have had its effect', () => {
  it('is not repeated', async () => {
    for (const step of [lost, problem(503, 'unavailable'), problem(500, 'internal_error')]) {
      const { client, requests } = scriptedClient([step]);
      await expect(client.endpoints.create(endpoint)).rejects.toThrow(Hook0Error);
      expect(requests).toHaveLength(1);
    }
  });

  it.each<[string, (client: Hook0Client) => Promise<unknown>]>([
    ['a rotation', ({ endpoints }) => endpoints.rotateSecret('ep_1')],
    ['a test', ({ endpoints }) => endpoints.test('ep_1')],
    ['a recovery', ({ endpoints }) => endpoints.recover('ep_1', { since: '2026-01-01T00:00:00Z' })],
    ['a replay', ({ events }) => events.replay('evt_1')],
    ['a retry', ({ deliveries }) => deliveries.retry('dlv_1')],
    ['a token', ({ tokens }) => tokens.create({ name: 'a', scopes: ['read'] })],
    ['a portal token', ({ applications }) => applications.createPortalToken('shop')],
  ])('is not repeated: %s', async (_, call) => {
    const { client, requests } = scriptedClient([lost]);
    await expect(call(client)).rejects.toThrow(NoAnswerError);
    expect(requests).toHaveLength(1);
  });

  it('is repeated when the answer says that it had no effect', async () => {
    const { client, requests } = scriptedClient([
      { status: 429, body: { message: 'Too Many Requests' } },
      problem(503, 'contended'),
      example('createEndpoint', 201),
    ]);
    await client.endpoints.create(endpoint);
    expect(requests).toHaveLength(3);
  });

  it('counts as successful when a repeated delete finds nothing', async () => {
    const { client } = scriptedClient([lost, problem(404, 'not_found'), problem(404, 'not_found')]);
    await client.endpoints.delete('ep_1');
    await expect(client.endpoints.delete('ep_1')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a list', () => {
  it('is read page by page', async () => {
    const [letter] = exampleBody('listDeadLetters', 200).data as object[];
    const page = (ids: string[], nextCursor: string | null): Step => ({
      status: 200,
      body: { data: ids.map((id) => ({ ...letter, id })), nextCursor },
    });
    const { client, requests } = scriptedClient([page(['1', '2'], 'c1'), page([], 'c2'), page(['3'], null)]);
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
