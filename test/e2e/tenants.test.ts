import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { awsCaller } from '#local/aws-protocol/client.ts';
import { createFunctionClock } from '#local/lambda/clock.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { allTries, by, mentions } from '#test/support/stack-faults.ts';
import { operatorOf, type StackOperator } from '#test/support/stack-operator.ts';
import { waitFor } from '#test/support/wait.ts';

let stack: LocalStack;
let api: Api;
let receiver: Receiver;
let operator: StackOperator;
const clock = createFunctionClock();

type Row = Readonly<Record<string, unknown>>;

const tokenFor = async (body: Row) =>
  api.expect(201, 'POST', '/api/tokens', { name: 'test', scopes: ['ingest'], ...body });

beforeAll(async () => {
  stack = await startLocalStack({ tick: 1, clock });
  api = createApi(stack.url, stack.adminToken);
  receiver = await startReceiver(() => ({ status: 200 }));
  operator = await operatorOf(stack);
});
afterAll(async () => {
  operator.close();
  await stack.stop();
  await receiver.stop();
});
afterEach(() => stack.proxy.faults.clear());

const event = (type: string) => ({ type, payload: {} });

/** What control and ingest answer a token. */
const statuses = (token: string): Promise<number[]> => {
  const as = createApi(stack.url, token);
  return Promise.all(
    [as.call('GET', '/api/endpoints'), as.call('POST', '/api/events', event('not.wanted'))].map(
      async (answer) => (await answer).status,
    ),
  );
};

const denials = (): string[] =>
  stack
    .logs()
    .map(({ text }) => text)
    .filter((text) => text.includes('not authorized'));

describe('a revoked token', () => {
  it('is refused everywhere within a minute, although warm functions remembered it', async () => {
    // What answers next need not be what remembered it: then another token is tried.
    const revoked = await waitFor('functions that remember a revoked token', async () => {
      const { id, token } = await tokenFor({ scopes: ['ingest', 'read'] });
      expect(await statuses(String(token))).toEqual([200, 202]);
      await api.expect(204, 'DELETE', `/api/tokens/${id}`);
      return (await statuses(String(token))).join() === '200,202' && String(token);
    });
    clock.advance(60_000);
    expect(await statuses(revoked)).toEqual([401, 401]);
  });
});

describe('a rate limit', () => {
  it('refuses events beyond the limit, single or in batches, and says when to try again', async () => {
    const { token } = await tokenFor({ rateLimit: { perSecond: 2 } });
    const producer = createApi(stack.url, String(token));
    const batch = { events: Array.from({ length: 20 }, () => event('rate.batch')) };
    expect((await producer.call('POST', '/api/events/batch', batch)).status).toBe(202);
    for (const [path, body] of [
      ['/api/events', event('rate.single')],
      ['/api/events/batch', batch],
    ] as const) {
      const refused = await producer.call('POST', path, body);
      expect(refused).toMatchObject({ status: 429, json: { code: 'rate_limited' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(5);
    }
    expect(
      (await createApi(stack.url, stack.adminToken).call('POST', '/api/events', event('x'))).status,
    ).toBe(202);
  });

  it('repeats the answer to a request that was answered before', async () => {
    const { token } = await tokenFor({ rateLimit: { perSecond: 1 } });
    const producer = createApi(stack.url, String(token));
    const batch = { events: Array.from({ length: 30 }, () => event('rate.replay')) };
    const post = (key: string) =>
      producer.call('POST', '/api/events/batch', batch, { 'Idempotency-Key': key });
    const first = await post('one');
    expect(first.status).toBe(202);
    const again = await post('one');
    expect(again.status).toBe(202);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await post('two')).status).toBe(429);
  });

  it('neither loses nor doubles events when its counter is unavailable: they pass', async () => {
    const type = 'rate.away';
    await api.expect(201, 'POST', '/api/endpoints', { name: 'all', url: receiver.url, events: [type] });
    const { token } = await tokenFor({ rateLimit: { perSecond: 1 } });
    const producer = createApi(stack.url, String(token));
    const fault = stack.proxy.faults.add({ match: by('Hook0Ingest', mentions('RATE#')), kind: 'throttle' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => producer.call('POST', '/api/events', event(type))),
    );
    expect(fault.hits).toBeGreaterThan(0);
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202));
    const ids = answers.map(({ json }) => (json as { eventId: string }).eventId).sort();
    await waitFor('all to be delivered', async () => receiver.requests.length >= 8);
    expect(receiver.requests.map(({ headers }) => headers['webhook-id']).sort()).toEqual(ids);
    fault.remove();
    await waitFor('the rate to hold again', async () => {
      const { status } = await producer.call('POST', '/api/events', event('rate.back'));
      return status === 429;
    });
  });
});

describe('the use of a token', () => {
  it('is stored by ingest and by the API, each with its own policy', async () => {
    for (const [scope, path] of [
      ['ingest', '/api/events'],
      ['read', '/api/endpoints'],
    ] as const) {
      const { id, token } = await tokenFor({ scopes: [scope] });
      const before = Date.now();
      const user = createApi(stack.url, String(token));
      if (scope === 'ingest') await user.expect(202, 'POST', path, event('used'));
      else await user.expect(200, 'GET', path);
      const lastUsedAt = await waitFor('the use to be shown', async () => {
        const shown = await api.expect(200, 'GET', `/api/tokens/${id}`);
        return shown.lastUsedAt;
      });
      expect(Date.parse(String(lastUsedAt))).toBeGreaterThanOrEqual(before);
    }
    expect(denials()).toEqual([]);
  });

  it('is the only thing that ingest may write about a token', async () => {
    let ingest = '';
    stack.proxy.faults.add({
      kind: 'throttle',
      match: ({ principal }) => {
        if (principal.startsWith('Hook0Ingest')) ingest = principal;
        return false;
      },
    });
    await api.expect(202, 'POST', '/api/events', event('who.am.i'));
    const caller = awsCaller(() => stack.proxy.origin, ingest);
    const update = (pk: string, attribute: string) =>
      caller.call('dynamodb', 'UpdateItem', {
        TableName: operator.tableNamed('ConfigTable'),
        Key: { pk: { S: pk }, sk: { S: 'TOKEN' } },
        UpdateExpression: 'SET #a = :a',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#a': attribute },
        ExpressionAttributeValues: { ':a': { N: '1' } },
      });
    for (const attribute of ['scopes', 'applicationId', 'expiresAt', 'ttl', 'rateLimit']) {
      await expect(update('TOKEN#nobody', attribute)).rejects.toThrow(/not authorized/);
    }
    await expect(update('APP#default', 'lastUsedAt')).rejects.toThrow(/not authorized/);
    await expect(update('TOKEN#nobody', 'lastUsedAt')).rejects.toThrow(/conditional request failed/i);
    caller.close();
  });

  it('delays and fails nothing when it cannot be stored', async () => {
    const { id, token } = await tokenFor({});
    const fault = stack.proxy.faults.add({
      match: by('Hook0Ingest', mentions('lastUsedAt = :at')),
      kind: 'timeout',
    });
    await createApi(stack.url, String(token)).expect(202, 'POST', '/api/events', event('used.not'));
    // An answer that waited for the write would come after its last try.
    expect(fault.hits).toBeGreaterThan(0);
    expect(fault.hits).toBeLessThan(allTries);
    expect(await api.expect(200, 'GET', `/api/tokens/${id}`)).not.toHaveProperty('lastUsedAt');
  });
});

describe('a removed application', () => {
  async function scan(): Promise<string[]> {
    const found: string[] = [];
    for (const TableName of operator.tables) {
      const { Items = [] } = await operator.dynamoDb.send(new ScanCommand({ TableName }));
      found.push(...Items.filter(({ ttl }) => ttl === undefined).map((item) => JSON.stringify(item)));
    }
    return found;
  }

  it('is purged by the functions with their own policies, and its waiting deliveries end', async () => {
    await api.expect(201, 'POST', '/api/applications', { id: 'acme', name: 'Acme' });
    const headers = { 'X-Hook0-Application': 'acme' };
    const flaky = await startReceiver(() => ({ status: 503 }));
    const create = async (rest: Row) => {
      const made = await api.call(
        'POST',
        '/api/endpoints',
        { name: 'x', url: flaky.url, events: ['acme.happened'], circuitBreaker: { enabled: false }, ...rest },
        headers,
      );
      expect(made.status).toBe(201);
      return String((made.json as Row).id);
    };
    const ids = [
      await create({ retryConfig: { maxAttempts: 1 } }),
      await create({ retryConfig: { strategy: 'custom', schedule: [300_000] } }),
      await create({ retryConfig: { strategy: 'custom', schedule: [2_000, 2_000] } }),
      await create({}),
    ];
    expect((await api.call('POST', `/api/endpoints/${ids[3]}/pause`, undefined, headers)).status).toBe(200);
    const posted = [];
    for (let count = 0; count < 5; count += 1) {
      posted.push(await api.call('POST', '/api/events', event('acme.happened'), headers));
    }
    const later = { ...event('acme.happened'), options: { delay: 3_600_000 } };
    posted.push(await api.call('POST', '/api/events', later, headers));
    expect(posted.map(({ status }) => status)).toEqual(Array(6).fill(202));
    const { token } = await tokenFor({ applicationId: 'acme', scopes: ['admin'] });
    expect(await statuses(String(token))).toEqual([200, 202]);
    await waitFor('some to be dead', async () => {
      const { json } = await api.call('GET', '/api/dead-letters', undefined, headers);
      return (json as { data: unknown[] }).data.length > 0;
    });

    expect((await api.call('DELETE', '/api/applications/acme')).status).toBe(409);
    await api.expect(202, 'DELETE', '/api/applications/acme?confirm=acme');
    expect((await api.call('POST', '/api/events', event('acme.happened'), headers)).status).toBe(404);
    expect((await api.call('GET', `/api/endpoints/${ids[0]}`, undefined, headers)).status).toBe(404);
    for (const status of await statuses(String(token))) expect([401, 404]).toContain(status);

    const names = [...ids, 'acme'];
    const left = await waitFor(
      'nothing to be left but what expires and what the scheduler watches for five minutes',
      async () => {
        const rest = (await scan()).filter((item) => names.some((name) => item.includes(name)));
        return rest.every((item) => item.includes('"S":"ATTENTION#') && item.includes('ENDPOINT#')) && [rest];
      },
      40_000,
    );
    expect(left[0]?.length).toBeLessThanOrEqual(ids.length);
    expect((await api.call('DELETE', '/api/applications/acme?confirm=acme')).status).toBe(404);
    expect(denials()).toEqual([]);
    await flaky.stop();
  }, 90_000);
});

describe('a local run whose admin token was changed', () => {
  it('accepts the new one and refuses the old one; tokens of the API stay', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'hook0-test-'));
    const first = 'the-first-admin-token';
    const second = 'the-second-admin-token';
    let run = await startLocalStack({ dataDir, adminToken: first });
    const made = await createApi(run.url, first).expect(201, 'POST', '/api/tokens', {
      name: 'of the API',
      scopes: ['admin'],
      applicationId: '*',
    });
    await run.stop();
    run = await startLocalStack({ dataDir, adminToken: second });
    try {
      const statusOf = async (token: string) =>
        (await createApi(run.url, token).call('GET', '/api/applications')).status;
      expect(await statusOf(first)).toBe(401);
      expect(await statusOf(second)).toBe(200);
      expect(await statusOf(String(made.token))).toBe(200);
      const { data } = await createApi(run.url, second).expect(200, 'GET', '/api/tokens?applicationId=*');
      expect(data).toHaveLength(2);
    } finally {
      await run.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 60_000);
});
