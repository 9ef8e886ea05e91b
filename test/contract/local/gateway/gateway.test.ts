import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, openGateway } from '#local/gateway/gateway.ts';
import type { InvocationResult } from '#local/lambda/settings.ts';

const returning = (value: unknown) => async (): Promise<InvocationResult> => ({
  kind: 'result',
  payload: JSON.stringify(value),
});
const targets: Record<string, (payload: string) => Promise<InvocationResult>> = {
  $default: async (payload) => ({ kind: 'result', payload }),
  'GET /answer/object': returning({
    statusCode: 201,
    headers: { 'X-A': 'b', 'Content-Type': 'text/html' },
    cookies: ['a=1; Path=/', 'b=2'],
    body: '<p>',
  }),
  'GET /answer/bytes': returning({
    statusCode: 200,
    body: Buffer.from([0, 255]).toString('base64'),
    isBase64Encoded: true,
  }),
  'GET /answer/text': returning('plain'),
  'GET /answer/value': returning({ any: 'thing' }),
  'GET /answer/no-type': returning({ statusCode: 200, body: 'x' }),
  'GET /answer/none': returning({ statusCode: 204 }),
  'GET /answer/malformed': returning({ statusCode: 'soon' }),
  'GET /answer/bad-body': returning({ statusCode: 200, body: { a: 1 } }),
  'GET /answer/error': async () => ({
    kind: 'error',
    error: { errorType: 'Error', errorMessage: 'secret detail' },
  }),
  'GET /answer/throttled': async () => ({ kind: 'throttled' }),
  'GET /answer/late': () => new Promise(() => undefined),
};

let gateway: Gateway;

beforeAll(async () => {
  gateway = await openGateway(0);
  gateway.serve(
    'api1',
    Object.entries(targets).map(([key, invoke]) => ({ key, target: { invoke, timeoutMs: 300 } })),
  );
});
afterAll(() => gateway.stop());

/** The event that the function behind `$default` got. */
async function eventOf(path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  return (await fetch(`${gateway.origin}${path}`, init)).json() as Promise<Record<string, unknown>>;
}

describe('the event that a function gets', () => {
  it('has the fields of payload format 2.0', async () => {
    const event = await eventOf('/a%20b/c?x=1&x=2&y=%C3%A4&z', {
      method: 'PUT',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'X-Mixed-Case': 'Yes',
        'User-Agent': 'me',
      },
      body: '{"n":1.0}',
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a b/c',
      rawQueryString: 'x=1&x=2&y=%C3%A4&z',
      queryStringParameters: { x: '1,2', y: 'ä', z: '' },
      headers: { 'x-mixed-case': 'Yes', 'content-length': '9', 'x-forwarded-proto': 'http' },
      body: '{"n":1.0}',
      isBase64Encoded: false,
      requestContext: {
        apiId: 'api1',
        stage: '$default',
        routeKey: '$default',
        http: { method: 'PUT', path: '/a b/c', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'me' },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        time: expect.stringMatching(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/),
        timeEpoch: expect.any(Number),
      },
    });
    expect(event).not.toHaveProperty('cookies');
    expect(event).not.toHaveProperty('pathParameters');
  });

  it('joins repeated headers and takes cookies apart', async () => {
    const response = await new Promise<string>((resolve, reject) => {
      httpRequest(gateway.origin, { headers: { 'x-many': ['a', 'b'], cookie: 'one=1; two=2' } }, (answer) =>
        resolve(text(answer)),
      )
        .on('error', reject)
        .end();
    });
    expect(JSON.parse(response)).toMatchObject({ headers: { 'x-many': 'a,b' }, cookies: ['one=1', 'two=2'] });
    expect(JSON.parse(response).headers).not.toHaveProperty('cookie');
  });

  it.each([
    ['text/plain', 'ä', 'ä', false],
    ['application/xml', '<a/>', '<a/>', false],
    ['application/octet-stream', 'abc', 'YWJj', true],
    ['application/vnd.api+json', '{}', 'e30=', true],
    ['image/png', 'abc', 'YWJj', true],
  ])('hands %s over as %s', async (contentType, body, expected, isBase64Encoded) => {
    const event = await eventOf('/', { method: 'POST', headers: { 'Content-Type': contentType }, body });
    expect(event).toMatchObject({ body: expected, isBase64Encoded });
  });

  it('replaces bytes that are not UTF-8 in a text', async () => {
    const body = Buffer.from([0x22, 0xff, 0x22]);
    const event = await eventOf('/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    expect(event).toMatchObject({ body: '"\ufffd"', isBase64Encoded: false });
  });
});

describe('the answer to a client', () => {
  it.each([
    ['object', 201, '<p>', 'text/html'],
    ['text', 200, 'plain', 'application/json'],
    ['value', 200, '{"any":"thing"}', 'application/json'],
    ['no-type', 200, 'x', 'text/plain;charset=UTF-8'],
    ['none', 204, '', 'text/plain;charset=UTF-8'],
    ['malformed', 500, '{"message":"Internal Server Error"}', 'application/json'],
    ['bad-body', 500, '{"message":"Internal Server Error"}', 'application/json'],
    ['error', 500, '{"message":"Internal Server Error"}', 'application/json'],
    ['throttled', 503, '{"message":"Service Unavailable"}', 'application/json'],
    ['late', 503, '{"message":"Service Unavailable"}', 'application/json'],
  ])('of %s is %i', async (name, status, body, contentType) => {
    const response = await fetch(`${gateway.origin}/answer/${name}`);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
    expect(response.headers.get('content-type')).toBe(contentType);
  });

  it('decodes base64 and sets each cookie', async () => {
    const bytes = await (await fetch(`${gateway.origin}/answer/bytes`)).bytes();
    expect([...bytes]).toEqual([0, 255]);
    const response = await fetch(`${gateway.origin}/answer/object`);
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(response.headers.get('x-a')).toBe('b');
  });
});

describe('an API with CORS', () => {
  const cors = {
    allowOrigins: ['https://app.example', 'https://admin.example'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization', 'content-type'],
    exposeHeaders: ['retry-after', 'x-request-id'],
    maxAgeSeconds: 7200,
  };
  const own = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Credentials': 'true',
    'X-Request-Id': 'r-1',
  };
  const asked: string[] = [];
  let open: Gateway;
  let closed: Gateway;

  beforeAll(async () => {
    [open, closed] = [await openGateway(0), await openGateway(0)];
    const answering = (statusCode: number) => ({
      timeoutMs: 300,
      invoke: async (_payload: string, method: string): Promise<InvocationResult> => {
        asked.push(method);
        return returning({ statusCode, headers: own, body: '' })();
      },
    });
    const routes = [
      { key: 'POST /post-only', target: answering(202) },
      { key: 'ANY /any/{proxy+}', target: answering(204) },
      { key: 'GET /malformed', target: answering(1) },
    ];
    open.serve('api1', routes, cors);
    closed.serve('api2', routes);
  });
  afterAll(() => Promise.all([open.stop(), closed.stop()]));
  beforeEach(() => void asked.splice(0));

  const ask = async (to: Gateway, method: string, path: string, headers: Record<string, string>) => {
    // fetch would set or drop the headers of CORS.
    const [answer] = await new Promise<[IncomingMessage, string]>((resolve, reject) => {
      httpRequest(`${to.origin}${path}`, { method, headers }, (message) =>
        text(message).then((body) => resolve([message, body]), reject),
      )
        .on('error', reject)
        .end();
    });
    const names = Object.entries(answer.headers).filter(([name]) => name.startsWith('access-control-'));
    return { status: answer.statusCode, cors: Object.fromEntries(names) };
  };
  const preflight = (origin: string) => ({ origin, 'access-control-request-method': 'POST' });
  const allowed = {
    'access-control-allow-origin': 'https://admin.example',
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': 'authorization,content-type',
    'access-control-max-age': '7200',
  };

  it('answers a preflight where no route takes OPTIONS', async () => {
    const asks = (origin: string) => ask(open, 'OPTIONS', '/post-only', preflight(origin));
    expect(await asks('https://admin.example')).toEqual({ status: 204, cors: allowed });
    expect(await asks('https://other.example')).toEqual({ status: 204, cors: {} });
    expect(asked).toEqual([]);
  });

  it('asks the function where a route takes OPTIONS, and replaces its CORS headers', async () => {
    const asks = (origin: string) => ask(open, 'OPTIONS', '/any/thing', preflight(origin));
    expect(await asks('https://admin.example')).toEqual({ status: 204, cors: allowed });
    expect(await asks('https://other.example')).toEqual({ status: 204, cors: {} });
    expect(asked).toEqual(['OPTIONS', 'OPTIONS']);
  });

  it.each<[string, Record<string, string>]>([
    ['has no origin', { 'access-control-request-method': 'POST' }],
    ['names no method', { origin: 'https://app.example' }],
  ])('sees no preflight in an OPTIONS that %s', async (_name, headers) => {
    expect(await ask(open, 'OPTIONS', '/any/thing', headers)).toEqual({ status: 204, cors: {} });
    expect(await ask(open, 'OPTIONS', '/post-only', headers)).toEqual({ status: 404, cors: {} });
  });

  it('lets pages of its origins read what functions answer, and no others', async () => {
    const post = (headers: Record<string, string>) => ask(open, 'POST', '/post-only', headers);
    expect(await post({ origin: 'https://app.example' })).toEqual({
      status: 202,
      cors: {
        'access-control-allow-origin': 'https://app.example',
        'access-control-expose-headers': 'retry-after,x-request-id',
      },
    });
    for (const origin of ['https://app.example.other.example', 'https://app.example:8443', 'null']) {
      expect(await post({ origin })).toEqual({ status: 202, cors: {} });
    }
    expect(await post({})).toEqual({ status: 202, cors: {} });
  });

  it('adds no CORS headers to answers that no function gave', async () => {
    const headers = { origin: 'https://app.example' };
    expect(await ask(open, 'GET', '/nowhere', headers)).toEqual({ status: 404, cors: {} });
    expect(await ask(open, 'GET', '/malformed', headers)).toEqual({ status: 500, cors: {} });
  });

  it('without its configuration, keeps the CORS headers of functions', async () => {
    const { status } = await ask(closed, 'OPTIONS', '/post-only', preflight('https://app.example'));
    expect(status).toBe(404);
    expect((await ask(closed, 'POST', '/post-only', { origin: 'https://app.example' })).cors).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
    });
  });
});

describe('limits', () => {
  it.each([
    ['a body of more than 10 MB', 10 * 1024 * 1024 + 1],
    ['a body that Lambda would not take', 6 * 1024 * 1024],
  ])('refuse %s', async (_name, size) => {
    const response = await fetch(gateway.origin, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: 'x'.repeat(size),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
  });

  it('refuse headers of more than 10,240 bytes', async () => {
    const response = await fetch(gateway.origin, { headers: { 'x-long': 'x'.repeat(11_000) } });
    expect(response.status).toBe(431);
  });

  it('survive a client that disconnects in its body', async () => {
    const socket = createConnection(Number(new URL(gateway.origin).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    expect((await fetch(gateway.origin)).status).toBe(200);
  });

  it('say which port is in use', async () => {
    const port = Number(new URL(gateway.origin).port);
    await expect(openGateway(port)).rejects.toThrow(`port ${port} is in use: choose another with --port`);
  });
});
