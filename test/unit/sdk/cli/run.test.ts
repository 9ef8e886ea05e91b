import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import packageJson from '#sdk/package.json' with { type: 'json' };
import { runCli } from '#sdk/src/cli/run.ts';
import type { Attempt } from '#sdk/src/client/types.ts';
import { Hook0Error } from '#sdk/src/errors.ts';
import { exampleBody } from '#test/support/scripted-client.ts';

const exportOf = (system: string) =>
  readFileSync(new URL(`../../../vectors/exports/${system}.json`, import.meta.url), 'utf8');

async function run(
  args: readonly string[],
  files: Record<string, string> = {},
  env: Record<string, string> = {},
) {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    env,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    read: async (file) => {
      const text = files[file];
      if (text === undefined) throw new Hook0Error(`${file}: no such file`);
      return text;
    },
  });
  return { code, out, err };
}

/** An API with given answers. It records the requests. */
async function api(answer: (request: IncomingMessage) => { status: number; body?: unknown }) {
  const requests: { request: string; body: string; headers: IncomingMessage['headers'] }[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({
      request: `${request.method} ${request.url}`,
      body: Buffer.concat(chunks).toString(),
      headers: request.headers,
    });
    const { status, body } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { requests, env: { HOOK0_URL: url, HOOK0_TOKEN: 'hk0_test' } };
}

describe('the command hook0', () => {
  it('prints its commands and its version', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('hook0 import --from'),
    });
    expect(await run(['--version'])).toMatchObject({ code: 0, out: `${packageJson.version}\n` });
  });

  it.each([
    [[], 'a command is missing; expected one of send, endpoints, dead-letters, import'],
    [['sent'], 'unknown command "sent"; expected one of send, endpoints, dead-letters, import'],
    [['send'], 'send needs an event type'],
    [['send', 'a'], 'send needs --payload'],
    [['send', 'a', 'b', '--payload', '1'], 'unexpected argument "b" after send'],
    [['endpoints', '--payload', '1'], 'endpoints does not take --payload; it takes no options of its own'],
    [
      ['endpoints', 'tset', 'ep_1'],
      'unknown command "endpoints tset"; expected endpoints or endpoints test ID',
    ],
    [['endpoints', 'test'], 'endpoints test needs the id of an endpoint'],
    [['endpoints', 'test', 'ep_1', 'ep_2'], 'unexpected argument "ep_2" after endpoints'],
    [['import', '--file', 'x'], '--from: received nothing; expected svix, convoy, hook0'],
    [['import', '--from', 'svx', '--file', 'x'], '--from: received "svx"; expected svix, convoy, hook0'],
    [['import', '--from', 'svix'], 'import needs --file'],
    [['import', '--form', 'svix'], "Unknown option '--form'"],
    [['endpoints'], 'use --url or set HOOK0_URL'],
    [['endpoints', '--url', 'https://a.example.com'], 'use --token or set HOOK0_TOKEN'],
  ])('exits with 2 for %j and says what is wrong', async (args, message) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });

  it('posts an event with an unchanged payload', async () => {
    const { requests, env } = await api(() => ({
      status: 202,
      body: { success: true, eventId: 'evt_1', webhookCount: 1 },
    }));
    const send = [
      'send',
      'order.created',
      '--tag',
      'a',
      '--tag',
      'b',
      '--source',
      'shop',
      '--idempotency-key',
      'k',
    ];
    expect(await run([...send, '--payload', '{"n":1.0}'], {}, env)).toEqual({
      code: 0,
      out: 'evt_1 to 1 endpoint\n',
      err: '',
    });
    expect(await run([...send, '--payload', '-', '--json'], { '-': '{"n":1.0}\n' }, env)).toMatchObject({
      out: '{"success":true,"eventId":"evt_1","webhookCount":1}\n',
    });
    const body = '{"payload":{"n":1.0},"type":"order.created","source":"shop","options":{"tags":["a","b"]}}';
    expect(requests).toMatchObject([
      {
        request: 'POST /api/events',
        body,
        headers: { 'idempotency-key': 'k', authorization: 'Bearer hk0_test' },
      },
      { body },
    ]);
    expect(await run([...send, '--payload', 'secret'], {}, env)).toMatchObject({
      code: 1,
      err: 'error: --payload is not valid JSON\n',
    });
  });

  it('prints every invalid field that the API names', async () => {
    const errors = ['type', 'source'].map((field) => ({
      field,
      message: `received ${field}; accepted: another`,
    }));
    const detail = 'type: received type; accepted: another';
    const { env } = await api(() => ({ status: 400, body: { code: 'validation_failed', detail, errors } }));
    expect(await run(['send', 'x', '--payload', '1'], {}, env)).toEqual({
      code: 1,
      out: '',
      err: `error: POST /api/events: 400 validation_failed: ${detail}\n    source: received source; accepted: another\n`,
    });
  });

  it('lists endpoints and dead letters', async () => {
    const endpoint = {
      ...exampleBody('getEndpoint', 200),
      id: 'ep_1',
      status: 'active',
      name: 'A',
      url: 'https://a.example.com',
      events: ['a', 'b.*'],
    };
    const [letter] = exampleBody('listDeadLetters', 200).data as object[];
    const dead = {
      ...letter,
      id: 'dlv_1',
      eventId: 'evt_1',
      timestamp: 'then',
      reason: 'exhausted',
      finalError: 'HTTP 500',
    };
    const { requests, env } = await api(({ url }) => ({
      status: 200,
      body: { data: [url?.startsWith('/api/endpoints') ? endpoint : dead], nextCursor: null },
    }));
    expect((await run(['endpoints'], {}, env)).out).toBe('ep_1 active   "A" https://a.example.com a,b.*\n');
    expect((await run(['dead-letters', '--endpoint', 'ep_1', '--application', 'shop'], {}, env)).out).toBe(
      'dlv_1 evt_1 then exhausted: HTTP 500\n',
    );
    expect(requests[1]).toMatchObject({
      request: 'GET /api/dead-letters?limit=100&endpointId=ep_1',
      headers: { 'x-hook0-application': 'shop' },
    });
  });
});

describe('hook0 endpoints test', () => {
  const { number, generation, startedAt, retryable } = exampleBody('testEndpoint', 200).attempt as Attempt;
  const answering = (success: boolean, attempt: object) => {
    const all = { number, generation, startedAt, retryable, success, ...attempt };
    return api(() => ({
      status: 200,
      body: { eventId: 'evt_test_1', eventType: 'ping', success, attempt: all },
    }));
  };
  const args = ['endpoints', 'test', 'ep_1'];

  it('prints the result', async () => {
    const { requests, env } = await answering(true, { duration: 12, statusCode: 204 });
    expect(await run(args, {}, env)).toEqual({
      code: 0,
      out: 'succeeded evt_test_1 after 12 ms: HTTP 204\n',
      err: '',
    });
    expect(requests[0]).toMatchObject({ request: 'POST /api/endpoints/ep_1/test' });
  });

  it('exits with 1 when the test failed', async () => {
    const { env } = await answering(false, { duration: 9, error: 'connection refused' });
    expect(await run(args, {}, env)).toMatchObject({
      code: 1,
      out: 'failed evt_test_1 after 9 ms: connection refused\n',
    });
    expect(await run([...args, '--json'], {}, env)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^\{"eventId":"evt_test_1".*\}\n$/),
    });
  });
});

describe('hook0 import', () => {
  const dryRun = (system: string) => ['import', '--from', system, '--file', 'export.json', '--dry-run'];

  it.each(['svix', 'convoy', 'hook0'])(
    'prints what it would create from an export of %s, without a deployment',
    async (system) => {
      const { code, out, err } = await run(dryRun(system), { 'export.json': exportOf(system) });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(new RegExp(`^would be created "[^"]+" \\(${system}:`, 'm'));
      expect(out).toContain('    not carried over: ');
      expect(out).toMatch(
        /\d would be created.*; nothing was changed\. To learn what a deployment would refuse, use --url/,
      );
      for (const secret of ['whsec_', 'convoy-secret', 'customers-own-key', '0f8e9d1c'])
        expect(out).not.toContain(secret);
    },
  );

  it('prints a line of JSON for each entry with --json', async () => {
    const { out } = await run([...dryRun('hook0'), '--json'], { 'export.json': exportOf('hook0') });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ what, outcome }) => `${what}: ${outcome}`)).toEqual([
      'event type: would be created',
      'endpoint: would be created',
      'endpoint: would be created',
      'export: left out',
    ]);
  });

  it('says what is wrong with the file without quoting it', async () => {
    const file = { 'export.json': '{"secrets": whsec_secret' };
    expect(await run(dryRun('svix'), file)).toMatchObject({
      code: 1,
      err: 'error: export.json is not valid JSON\n',
    });
    expect(await run(dryRun('svix'))).toMatchObject({ code: 1, err: 'error: export.json: no such file\n' });
    expect(await run(dryRun('svix'), { 'export.json': exportOf('hook0') })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: export\.json: the export has no "endpoints"; expected/),
    });
  });

  it('asks the deployment during a dry run what it would refuse', async () => {
    const { requests, env } = await api(({ method, url }) => {
      if (method === 'GET') return { status: 200, body: { data: [], nextCursor: null } };
      return url?.startsWith('/api/event-types')
        ? { status: 204 }
        : { status: 400, body: { code: 'validation_failed', detail: 'url: received http; accepted: https' } };
    });
    const { code, out } = await run(dryRun('svix'), { 'export.json': exportOf('svix') }, env);
    expect(code).toBe(1);
    expect(out).toContain('would be refused "Order Processing" (svix:');
    expect(out).toMatch(/3 would be refused; nothing was changed\n$/);
    expect(new Set(requests.map(({ request }) => request))).toEqual(
      new Set([
        'GET /api/endpoints?limit=100',
        'POST /api/event-types?dryRun=true',
        'POST /api/endpoints?dryRun=true',
      ]),
    );
  });

  it('exits with 1 when an endpoint failed, and prints the reason', async () => {
    const { env } = await api(({ method }) =>
      method === 'GET'
        ? { status: 200, body: { data: [], nextCursor: null } }
        : { status: 400, body: { code: 'validation_failed', detail: 'url: received http; accepted: https' } },
    );
    const args = ['import', '--from', 'svix', '--file', 'export.json'];
    const { code, out } = await run(args, { 'export.json': exportOf('svix') }, env);
    expect(code).toBe(1);
    expect(out).toContain(
      'failed "Order Processing" (svix:ep_2aX3kTqKq0bWnmP0c8Y6sVd1uRf): POST /api/endpoints: 400',
    );
    expect(out).toContain('5 failed\n');
  });
});
