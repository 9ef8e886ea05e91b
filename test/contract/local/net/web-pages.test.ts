import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engines, startEngines } from '#local/engines/engines.ts';
import { startTestProxy } from '#test/support/proxy.ts';

/** What a page may send: fetch sets neither Host nor Origin as it likes, so this uses node:http. */
function send(
  origin: string,
  headers: Readonly<Record<string, string>>,
  { method = 'POST', path = '/', body = '' } = {},
) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const outgoing = request(`${origin}${path}`, { method, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        );
      });
      outgoing.on('error', reject).end(body);
    },
  );
}

const credential = 'root/20260101/us-east-1/sqs/aws4_request';
const listQueues = {
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'AmazonSQS.ListQueues',
    'x-amz-date': '20260101T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=local`,
  },
  body: '{}',
};

const pages = [
  ['of another origin', { origin: 'https://evil.example' }],
  ['of an origin on this machine', { origin: 'http://127.0.0.1:3000' }],
  ['without an origin of its own', { origin: 'null' }],
  ['whose name was rebound to this machine', { host: 'evil.example:4000' }],
] as const;

let engines: Engines;
let proxy: Awaited<ReturnType<typeof startTestProxy>>;
beforeAll(async () => {
  engines = await startEngines({});
  proxy = await startTestProxy();
});
afterAll(() => Promise.all([engines?.stop(), proxy?.stop()]));

const targets = [
  ['the SQS engine', () => engines.sqs],
  ['the proxy', () => proxy.proxy.origin],
] as const;

describe.each(targets)('%s', (_what, origin) => {
  it('answers a program', async () => {
    const answer = await send(origin(), listQueues.headers, listQueues);
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('{') });
  });

  it.each(pages)('refuses a page %s', async (_page, headers) => {
    const answer = await send(origin(), { ...listQueues.headers, ...headers }, listQueues);
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('web pages may not call') });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it.each(pages)('refuses the preflight of a page %s', async (_page, headers) => {
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-amz-target',
    };
    const answer = await send(origin(), { ...preflight, ...headers }, { method: 'OPTIONS' });
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('refuses a form that a page posts without a preflight', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' };
    expect(await send(origin(), headers, { body: 'Action=ListTopics' })).toMatchObject({ status: 403 });
  });
});

describe('the DynamoDB engine', () => {
  // The engine itself answers every page, so the address is the secret.
  it.runIf(process.platform !== 'darwin')('is not where a page would look for it', async () => {
    const { hostname, port } = new URL(engines.dynamodb);
    expect(hostname).toMatch(/^127\.\d+\.\d+\.\d+$/);
    expect(hostname).not.toBe('127.0.0.1');
    for (const host of ['127.0.0.1', 'localhost'])
      await expect(send(`http://${host}:${port}`, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const other = await startEngines({});
    expect(new URL(other.dynamodb).hostname).not.toBe(hostname);
    await other.stop();
  });
});
