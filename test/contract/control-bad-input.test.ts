import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  anEndpoint,
  type CallOptions,
  gatewayEvent,
  startControl,
  type TestControl,
} from '../support/control.ts';
import { startDatabase, type TestDatabase } from '../support/dynamodb.ts';

let database: TestDatabase;
let control: TestControl;
let endpointId: string;
let standing: string;

beforeAll(async () => {
  database = await startDatabase();
  const started = Date.now();
  control = await startControl(database, { now: () => started });
  const made = await control.call('POST /api/endpoints', {
    body: { ...anEndpoint, security: { secret: 'a-standing-secret' } },
  });
  endpointId = made.body.id;
  standing = made.text;
});
afterAll(() => database.stop());

const secret = 'sk_live_do_not_echo_me_1234567890';

/** What every refusal promises, whatever it is about. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.body).toMatchObject({ status, code, type: `urn:hook0:problem:${code}` });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body.title).toMatch(/\w/);
  expect(answer.body.detail).toMatch(/\w/);
  expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
  expect(answer.text).not.toMatch(/\bat .*\.(?:ts|js):\d|node_modules|Error:/);
  expect(answer.text).not.toContain(secret);
  expect(answer.text.length).toBeLessThan(16_384);
}

async function expectNothingWritten(): Promise<void> {
  const { body } = await control.call('GET /api/endpoints?limit=100');
  expect(body.data).toEqual([JSON.parse(standing)]);
  expect(control.logged).toEqual([]);
}

const nested = (levels: number, open: string, close: string) =>
  `${open.repeat(levels)}${close.repeat(levels)}`;

describe('a body that is no endpoint', () => {
  const bodies: [what: string, options: CallOptions, status: number, code: string][] = [
    ['nothing', {}, 400, 'body_missing'],
    ['blanks', { text: ' \n ' }, 400, 'body_missing'],
    ['broken JSON', { text: '{"name": "x",' }, 400, 'invalid_json'],
    ['a trailing comma', { text: '{"name": "x",}' }, 400, 'invalid_json'],
    ['a bare NaN', { text: '{"timeout": NaN}' }, 400, 'invalid_json'],
    ['a byte order mark', { text: '\ufeff{}' }, 400, 'invalid_json'],
    ['a secret in broken JSON', { text: `{"security": {"secret": "${secret}"` }, 400, 'invalid_json'],
    ['100,000 arrays', { text: nested(100_000, '[', ']') }, 400, 'json_too_deep'],
    ['100,000 objects', { text: nested(100_000, '{"a":', '}') }, 400, 'json_too_deep'],
    [
      '100,000 levels in metadata',
      { text: `{"metadata":${nested(100_000, '[', ']')}}` },
      400,
      'json_too_deep',
    ],
    [
      'more than 5 MiB',
      { text: JSON.stringify({ name: 'x'.repeat(5 * 1024 * 1024) }) },
      413,
      'body_too_large',
    ],
    [
      'a form',
      { text: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['text', { text: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    [
      'UTF-16',
      { text: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      'unsupported_media_type',
    ],
    ['null', { text: 'null' }, 400, 'validation_failed'],
    ['an array', { text: '[]' }, 400, 'validation_failed'],
    ['a string', { text: '"x"' }, 400, 'validation_failed'],
    ['an empty object', { text: '{}' }, 400, 'validation_failed'],
    ['__proto__', { text: '{"__proto__": {"name": "x"}}' }, 400, 'validation_failed'],
    ['an escaped __proto__', { text: '{"\\u005f_proto__": {"name": "x"}}' }, 400, 'validation_failed'],
    [
      'a million unknown fields',
      { text: `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":0`)}}` },
      400,
      'validation_failed',
    ],
    [
      'a million wrong elements',
      { body: { ...anEndpoint, events: Array(300_000).fill(1) } },
      400,
      'validation_failed',
    ],
  ];

  it.each(bodies)('is refused when it is %s', async (_, options, status, code) => {
    for (const request of ['POST /api/endpoints', `PATCH /api/endpoints/${endpointId}`]) {
      // An empty patch is a patch.
      if (request.startsWith('PATCH') && options.text === '{}' && options.headers === undefined) continue;
      expectProblem(await control.call(request, options), status, code);
    }
    await expectNothingWritten();
  });

  it('is refused when it is not UTF-8', async () => {
    const event = gatewayEvent('POST /api/endpoints', { token: control.operator, text: '{}' });
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64');
    expectProblem(await control.send({ ...event, body, isBase64Encoded: true }), 400, 'body_not_utf8');
  });

  it('tells where the JSON breaks', async () => {
    const { body } = await control.call('POST /api/endpoints', { text: '{\n  "name": tru\n}' });
    expect(body.detail).toBe("the body is not JSON: unexpected 't' at position 12 (line 2, column 11)");
  });
});

const longRegex = 'a'.repeat(2_048);
const condition = (change: object) => ({
  filters: { conditions: [{ field: 'payload.a', operator: 'eq', value: 1, ...change }] },
});
const deepFilter = (levels: number): object =>
  levels === 0 ? { field: 'type', operator: 'eq', value: 'a' } : { conditions: [deepFilter(levels - 1)] };

describe('a field of an endpoint', () => {
  const fields: [field: string, change: object][] = [
    ['name', { name: 5 }],
    ['name', { name: '' }],
    ['name', { name: '   ' }],
    ['name', { name: 'x'.repeat(201) }],
    ['name', { name: 'x'.repeat(900_000) }],
    ['name', { name: 'a\r\nb' }],
    ['name', { name: 'a\u0000b' }],
    ['name', { name: '\ud800' }],
    ['nmae', { nmae: 'x' }],
    ['constructor', { constructor: 1 }],
    ['status', { status: 'paused' }],
    ['url', { url: 1 }],
    ['url', { url: '' }],
    ['url', { url: 'your-app.example/webhooks' }],
    ['url', { url: 'http://your-app.example/' }],
    ['url', { url: 'ftp://your-app.example/' }],
    ['url', { url: 'javascript:alert(1)' }],
    ['url', { url: 'file:///etc/passwd' }],
    ['url', { url: `https://user:${secret}@your-app.example/` }],
    ['url', { url: `https://${secret}@your-app.example/` }],
    ['url', { url: 'https://your-app.example:22/' }],
    ['url', { url: 'https://your-app.example/#fragment' }],
    ['url', { url: 'https://your-app.example/\r\nHost: evil' }],
    ['url', { url: `https://your-app.example/${'x'.repeat(2_048)}` }],
    ['events', { events: [] }],
    ['events', { events: 'order.created' }],
    ['events', { events: Array(101).fill('a') }],
    ['events[1]', { events: ['a', 1] }],
    ['events[0]', { events: ['order..created'] }],
    ['events[0]', { events: ['*.created'] }],
    ['events[0]', { events: ['x'.repeat(129)] }],
    ['headers', { headers: [] }],
    ['headers', { headers: 'X-A: 1' }],
    ['headers.X-A', { headers: { 'X-A': 1 } }],
    ['headers.X-A', { headers: { 'X-A': 'a\r\nHost: evil' } }],
    ['headers["X-A\\r\\nHost"]', { headers: { 'X-A\r\nHost': 'evil' } }],
    ['headers.Host', { headers: { Host: 'evil.example' } }],
    ['headers.webhook-id', { headers: { 'webhook-id': 'forged' } }],
    ['headers.X-A', { headers: { 'X-A': `${secret}\n` } }],
    ['headers.Authorization', { headers: { Authorization: [secret] } }],
    ['headers', { headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`X-${n}`, 'a'])) }],
    ['timeout', { timeout: 999 }],
    ['timeout', { timeout: 30_001 }],
    ['timeout', { timeout: 1_000.5 }],
    ['timeout', { timeout: '5000' }],
    ['timeout', { timeout: 1e300 }],
    ['priority', { priority: 'urgent' }],
    ['retryConfig', { retryConfig: 'often' }],
    ['retryConfig', { retryConfig: 3 }],
    ['retryConfig.retries', { retryConfig: { retries: 3 } }],
    ['retryConfig.maxAttempts', { retryConfig: { maxAttempts: 51 } }],
    ['retryConfig.maxAttempts', { retryConfig: { maxAttempts: 0 } }],
    ['retryConfig.maxAttempts', { retryConfig: { maxAttempts: Number.MAX_SAFE_INTEGER } }],
    ['retryConfig.strategy', { retryConfig: { strategy: 'random' } }],
    ['retryConfig.baseDelay', { retryConfig: { baseDelay: -1 } }],
    ['retryConfig.jitter', { retryConfig: { jitter: 'yes' } }],
    ['retryConfig.schedule', { retryConfig: { schedule: [1] } }],
    ['retryConfig.schedule', { retryConfig: { strategy: 'custom' } }],
    ['retryConfig.schedule', { retryConfig: { strategy: 'custom', schedule: [] } }],
    ['retryConfig.schedule', { retryConfig: { strategy: 'custom', schedule: Array(8).fill(86_400_000) } }],
    ['retryConfig.schedule[0]', { retryConfig: { strategy: 'custom', schedule: [-1] } }],
    ['retryConfig.maxAttempts', { retryConfig: { strategy: 'custom', schedule: [1], maxAttempts: 5 } }],
    ['retryConfig.baseDelay', { retryConfig: { strategy: 'custom', schedule: [1], baseDelay: 5 } }],
    [
      'retryConfig.maxDelay',
      { retryConfig: { maxAttempts: 50, baseDelay: 604_800_000, maxDelay: 604_800_000 } },
    ],
    ['retryConfig.retryableStatuses[0]', { retryConfig: { retryableStatuses: [200] } }],
    ['retryConfig.retryableStatuses[0]', { retryConfig: { retryableStatuses: [410] } }],
    ['retryConfig.retryableStatuses[1]', { retryConfig: { retryableStatuses: [500, '3xx'] } }],
    ['retryConfig.circuitBreaker', { retryConfig: { circuitBreaker: 'on' } }],
    [
      'retryConfig.circuitBreaker',
      { retryConfig: { circuitBreaker: true }, circuitBreaker: { enabled: false } },
    ],
    ['circuitBreaker', { circuitBreaker: true }],
    ['circuitBreaker.threshold', { circuitBreaker: { threshold: 0 } }],
    ['circuitBreaker.timeout', { circuitBreaker: { timeout: 3_600_001 } }],
    ['circuitBreaker.limit', { circuitBreaker: { limit: 1 } }],
    ['rateLimit', { rateLimit: 50 }],
    ['rateLimit.perSecond', { rateLimit: {} }],
    ['rateLimit.perSecond', { rateLimit: { perSecond: 0 } }],
    ['rateLimit.perSecond', { rateLimit: { perSecond: 10_001 } }],
    ['security', { security: secret }],
    ['security.secret', { security: { secret: 'short' } }],
    ['security.secret', { security: { secret: `${secret} ` } }],
    ['security.secret', { security: { secret: `whsec_${secret}` } }],
    ['security.secret', { security: { secret: 12345678 } }],
    ['security.signatureHeader', { security: { signatureHeader: 'Content-Type' } }],
    ['security.signatureHeader', { security: { signatureHeader: 'X A' } }],
    ['security.signatureHeader', { headers: { 'x-mine': '1' }, security: { signatureHeader: 'X-Mine' } }],
    ['filters', { filters: [] }],
    ['filters', { filters: 'type = a' }],
    ['filters.logic', { filters: { logic: 'XOR', conditions: [] } }],
    ['filters.conditions[0].operator', condition({ operator: 'like' })],
    ['filters.conditions[0].operator', condition({ operator: '__proto__' })],
    ['filters.conditions[0].operator', condition({ operator: 'constructor' })],
    ['filters.conditions[0].field', condition({ field: 'body.a' })],
    ['filters.conditions[0].value', condition({ operator: 'in', value: 5 })],
    ['filters.conditions[0].value', condition({ operator: 'regex', value: longRegex })],
    ['filters.conditions[0].value', condition({ operator: 'regex', value: '(a' })],
    ['filters.conditions[0].value', condition({ operator: 'regex', value: '(?=a)b' })],
    ['filters.conditions[0]', condition({ valeu: 5 })],
    ['filters.conditions', { filters: { conditions: {} } }],
    ['metadata', { metadata: [] }],
    ['metadata', { metadata: { a: 'x'.repeat(4_097) } }],
    ['metadata', { metadata: { a: { b: { c: { d: { e: {} } } } } } }],
  ];

  const cases = fields.map(([field, change]) => ({
    field,
    change,
    short: JSON.stringify(change).slice(0, 80),
  }));

  it.each(cases)('$field is refused by name in $short', async ({ field, change }) => {
    const text = JSON.stringify({ ...anEndpoint, ...change });
    for (const request of ['POST /api/endpoints', `PATCH /api/endpoints/${endpointId}`]) {
      const answer = await control.call(request, { text });
      expectProblem(answer, 400, 'validation_failed');
      expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
      expect(answer.body.field).toBe(field);
      expect(answer.body.accepted).toMatch(/\w/);
    }
    await expectNothingWritten();
  });

  it('filters may not nest without end', async () => {
    const answer = await control.call('POST /api/endpoints', {
      body: { ...anEndpoint, filters: deepFilter(30) },
    });
    expectProblem(answer, 400, 'validation_failed');
  });

  it.each([
    '{"metadata":{"__proto__":{"x":1}}}',
    '{"filters":{"__proto__":[],"conditions":[]}}',
    '{"headers":{"__proto__":"x"}}',
  ])('must not be called __proto__, at any level: %s', async (text) => {
    const answer = await control.call(`PATCH /api/endpoints/${endpointId}`, { text });
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.field).toMatch(/\.__proto__$/);
  });

  it('may be a regular expression that would hang others: it runs in linear time', async () => {
    const filters = { conditions: [{ field: 'payload.a', operator: 'regex', value: '(a+)+$' }] };
    const answer = await control.call('POST /api/endpoints', { body: { ...anEndpoint, filters } });
    expect(answer.status).toBe(201);
    await control.call(`DELETE /api/endpoints/${answer.body.id}`);
  });

  it('lists everything that is wrong, at most 20 things', async () => {
    const some = await control.call('POST /api/endpoints', {
      body: { name: '', url: 'x', events: [], extra: 1 },
    });
    expect(some.body.errors.map((error: { field: string }) => error.field).toSorted()).toEqual([
      'events',
      'extra',
      'name',
      'url',
    ]);
    const many = await control.call('POST /api/endpoints', {
      body: { ...anEndpoint, events: Array(50).fill(0) },
    });
    expect(many.body.errors).toHaveLength(20);
  });
});

describe('an address inside', () => {
  const spellings = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127。0。0。1',
    '①②⑦.⓪.⓪.①',
    '%31%32%37.0.0.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'api.localhost',
    '0',
    '0.0.0.0',
    '[::]',
    '169.254.169.254',
    '0xa9fea9fe',
    '[fd00:ec2::254]',
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '100.64.0.1',
    '168.63.129.16',
    'metadata.google.internal',
    'printer.local',
    'intranet',
  ];

  it.each(spellings)('is refused as %s', async (host) => {
    for (const url of [`https://${host}/`, `https:\\\\${host}\\x`]) {
      const answer = await control.call('POST /api/endpoints', { body: { ...anEndpoint, url } });
      expectProblem(answer, 400, 'validation_failed');
      expect(answer.body.field).toBe('url');
    }
    await expectNothingWritten();
  });
});

describe('a request', () => {
  const id = 'ep_01h455vb4pex5vsknk084sn02q';

  it.each([
    ['GET /', 404, 'route_not_found'],
    ['GET /api', 404, 'route_not_found'],
    ['GET /api/endpoints/', 404, 'route_not_found'],
    ['GET /api//endpoints', 404, 'route_not_found'],
    [`GET /api/endpoints/${id}/nothing`, 404, 'route_not_found'],
    ['GET /__proto__', 404, 'route_not_found'],
    ['GET /api/endpoints/ep_nope', 404, 'not_found'],
    ['GET /api/endpoints/__proto__', 404, 'not_found'],
    ['GET /api/endpoints/..', 404, 'not_found'],
    [`GET /api/endpoints/${'x'.repeat(5_000)}`, 404, 'not_found'],
    [`GET /api/endpoints/${id}`, 404, 'not_found'],
    [`PATCH /api/endpoints/${id}`, 404, 'not_found'],
    ['GET /api/events/evt_nope', 404, 'not_found'],
    ['GET /api/events/evt_01h455vb4pex5vsknk084sn02q', 404, 'not_found'],
    ['GET /api/deliveries/dlv_x_y', 404, 'not_found'],
    [`GET /api/deliveries/dlv_${id.slice(3)}_${id.slice(3)}`, 404, 'not_found'],
    ['GET /api/applications/Nope', 404, 'not_found'],
    ['GET /api/applications/nope', 404, 'not_found'],
    ['DELETE /api/tokens/tok_nope', 404, 'not_found'],
    ['DELETE /api/endpoints', 405, 'method_not_allowed'],
    ['PUT /api/endpoints', 405, 'method_not_allowed'],
    ['TRACE /api/endpoints', 405, 'method_not_allowed'],
    [`GET /api/endpoints/${id}/pause`, 405, 'method_not_allowed'],
    ['POST /health', 405, 'method_not_allowed'],
    ['GET /api/endpoints?limit=0', 400, 'invalid_query'],
    ['GET /api/endpoints?limit=101', 400, 'invalid_query'],
    ['GET /api/endpoints?limit=1e1', 400, 'invalid_query'],
    ['GET /api/endpoints?limit=', 400, 'invalid_query'],
    ['GET /api/endpoints?limit=5&limit=6', 400, 'invalid_query'],
    ['GET /api/endpoints?page=2', 400, 'invalid_query'],
    ['GET /api/endpoints?__proto__=2', 400, 'invalid_query'],
    ['GET /health?verbose=1', 400, 'invalid_query'],
    [`GET /api/endpoints/${id}/deliveries?status=lost`, 400, 'invalid_query'],
    ['GET /api/events?type=order.*', 400, 'invalid_query'],
    ['GET /api/events?tag=', 400, 'invalid_query'],
    [`GET /api/events?source=${'x'.repeat(129)}`, 400, 'invalid_query'],
    ['GET /api/events?since=yesterday', 400, 'invalid_query'],
    ['GET /api/events?since=2026-01-01', 400, 'invalid_query'],
    ['GET /api/events?since=2026-13-01T00:00:00Z', 400, 'invalid_query'],
    ['GET /api/events?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z', 400, 'invalid_query'],
    ['GET /api/dead-letters?endpointId=mine', 400, 'invalid_query'],
    ['GET /api/tokens?applicationId=A', 400, 'invalid_query'],
    ['GET /api/endpoints?cursor=', 400, 'invalid_cursor'],
    ['GET /api/endpoints?cursor=nonsense', 400, 'invalid_cursor'],
    ['GET /api/endpoints?cursor=%00%ff', 400, 'invalid_cursor'],
    [`GET /api/endpoints?cursor=${'x'.repeat(5_000)}`, 400, 'invalid_cursor'],
  ] as const)('%.80s is answered %d %s', async (request, status, code) => {
    const body = request.startsWith('PATCH') ? { name: 'x' } : undefined;
    const answer = await control.call(request, { body });
    expectProblem(answer, status, code);
    if (status === 405) expect(answer.headers.allow).toMatch(/\b(?:GET|POST)\b.*OPTIONS$/);
    if (code === 'invalid_query') expect(answer.body.field).toMatch(/^[\w]+$/);
    expect(control.logged).toEqual([]);
  });

  it('with a cursor of another list is refused, also one that is forged well', async () => {
    const made = [];
    for (const name of ['one', 'two'])
      made.push(await control.call('POST /api/endpoints', { body: { ...anEndpoint, name } }));
    const { body } = await control.call('GET /api/endpoints?limit=1');
    for (const list of [
      '/api/events',
      '/api/tokens',
      '/api/applications',
      '/api/dead-letters',
      `/api/endpoints/${endpointId}/deliveries`,
    ]) {
      expectProblem(await control.call(`GET ${list}?cursor=${body.nextCursor}`), 400, 'invalid_cursor');
    }
    const [version, digest] = JSON.parse(Buffer.from(body.nextCursor, 'base64url').toString());
    for (const position of ['', '\u0000', 'x'.repeat(2_000), 5, null, {}, '\ud800']) {
      const forged = Buffer.from(JSON.stringify([version, digest, position])).toString('base64url');
      expectProblem(await control.call(`GET /api/endpoints?cursor=${forged}`), 400, 'invalid_cursor');
    }
    for (const { body } of made) await control.call(`DELETE /api/endpoints/${body.id}`);
  });

  it('with a forged position never ends as an error of ours', async () => {
    const { encodeCursor } = await import('../../lambdas/runtime/http/cursor.ts');
    const lists: [path: string, list: readonly unknown[]][] = [
      ['/api/endpoints', ['endpoints', 'default']],
      ['/api/events', ['events', 'default', {}]],
      ['/api/tokens', ['tokens', 'default']],
      ['/api/applications', ['applications']],
      ['/api/dead-letters', ['dead-letters', 'default', null]],
      [`/api/endpoints/${endpointId}/deliveries`, ['deliveries', endpointId, null]],
    ];
    for (const [path, list] of lists) {
      for (const position of [
        '~',
        '0',
        'evt_zzz',
        'evt_01h455vb4pex5vsknk084sn02q',
        'ENDPOINT#x',
        '{}',
        'a'.repeat(256),
      ]) {
        const { status } = await control.call(`GET ${path}?cursor=${encodeCursor(list, position)}`);
        expect([200, 400], `${path} ${position}`).toContain(status);
      }
    }
    expect(control.logged).toEqual([]);
  });
});

describe('a token', () => {
  const request = 'GET /api/endpoints';

  it.each([
    ['none', {}, 'token_missing'],
    ['a blank one', { authorization: ' ' }, 'token_missing'],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }, 'token_invalid'],
    ['a bare one', { authorization: 'hk0_x' }, 'token_invalid'],
    ['a made-up one', { authorization: `Bearer ${secret}` }, 'token_invalid'],
    ['two', { authorization: 'Bearer a b' }, 'token_invalid'],
    ['a huge one', { authorization: `Bearer ${'x'.repeat(100_000)}` }, 'token_invalid'],
    ['one with CRLF', { authorization: 'Bearer hk0_x\r\nX: y' }, 'token_invalid'],
  ])('that is %s is answered 401', async (_, headers, code) => {
    const answer = await control.call(request, { token: '', headers });
    expectProblem(answer, 401, code);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="hook0"/);
  });

  it('that is mistyped, unknown or expired is answered 401 alike', async () => {
    const last = control.operator.slice(-1) === '0' ? '1' : '0';
    const expired = await control.makeTokenFor('default', ['admin'], Date.now() - 3_600_000);
    for (const token of [control.operator.slice(0, -1) + last, control.operator.toLowerCase(), expired]) {
      expectProblem(await control.call(request, { token }), 401, 'token_invalid');
    }
  });

  it('without the scope is answered 403 that names it', async () => {
    for (const [scope, refused] of [
      ['read', 'POST /api/endpoints'],
      ['ingest', 'GET /api/endpoints'],
      ['manage', 'GET /api/tokens'],
      ['read', `GET /api/endpoints/${endpointId}/secret`],
    ] as const) {
      const token = await control.makeTokenFor('default', [scope]);
      const answer = await control.call(refused, {
        token,
        body: refused.startsWith('POST') ? anEndpoint : undefined,
      });
      expectProblem(answer, 403, 'scope_missing');
      expect(answer.body.detail).toMatch(/needs the scope (manage|read|admin)/);
    }
    await expectNothingWritten();
  });

  it('is asked for before ids, queries and bodies are looked at', async () => {
    for (const one of ['GET /api/endpoints/nope', 'GET /api/endpoints?x=1', 'POST /api/endpoints']) {
      expectProblem(await control.call(one, { token: '', text: '{' }), 401, 'token_missing');
    }
  });

  it('names an application only if it may', async () => {
    const named = (application: string, token = control.operator) =>
      control.call(request, { token, headers: { 'X-Hook0-Application': application } });
    const invalid = await named('No Such!');
    expectProblem(invalid, 400, 'invalid_header');
    expect(invalid.body.field).toBe('x-hook0-application');
    expectProblem(await named('nobody'), 404, 'not_found');
    expectProblem(await named('nobody', await control.makeTokenFor('default', ['admin'])), 404, 'not_found');
    expect((await named('default', await control.makeTokenFor('default', ['admin']))).status).toBe(200);
  });
});
