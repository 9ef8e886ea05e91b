import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tokenAttributes } from '#adapters/dynamodb/token/token-item.ts';
import { createSender } from '#adapters/http-client/guarded-request.ts';
import { endpointView } from '#core/endpoint/endpoint-view.ts';
import { localPolicy, strictPolicy, type TargetPolicy } from '#core/outbound/target-url.ts';
import { hashToken, makeToken } from '#core/token/token.ts';
import { sendRequest } from '#lambdas/deliver/http.ts';
import { reportAttempt } from '#lambdas/deliver/report.ts';
import { Posting } from './posting.ts';

// What Hook0 promises about what it sends and where, and about secrets. promises.test.ts has the other promises.

const event = '{"type":"order.created","payload":{"n":1.0}}';

describe('promise 7: no forbidden address', () => {
  /** The address rules alone, so that a refusal cannot come from the scheme or the port. */
  const publicOnly: TargetPolicy = {
    allowPlainHttp: true,
    allowLoopback: false,
    ports: 'any',
    allowIpv6: true,
  };

  async function connectionsMade(policy: TargetPolicy, host: string, addresses: readonly string[]) {
    let connections = 0;
    const server = createServer((_, response) => response.end());
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const sender = createSender({ policy, lookup: async () => addresses });
    onTestFinished(async () => {
      sender.close();
      await new Promise((resolve) => server.close(resolve));
    });
    const url = `http://${host}:${port}/`;
    const result = await sender.send({ url, headers: {}, body: new Uint8Array(1), deadlineMs: 10_000 });
    return { connections, result };
  }

  it.each([
    ['127.0.0.1', []],
    ['2130706433', []],
    ['[::ffff:127.0.0.1]', []],
    ['localhost', ['127.0.0.1']],
    ['webhooks.example', ['127.0.0.1']],
    ['webhooks.example', ['8.8.8.8', '127.0.0.1']],
    ['webhooks.example', ['10.0.0.1', '127.0.0.1']],
  ])('no request leaves for %s that is %j', async (host, addresses) => {
    for (const policy of [publicOnly, strictPolicy]) {
      const { connections, result } = await connectionsMade(policy, host, addresses);
      expect(result).toMatchObject({ kind: 'failed', errorClass: 'forbidden_target' });
      expect(connections).toBe(0);
    }
  });

  it('and without the rule the same request arrives', async () => {
    const { connections } = await connectionsMade(localPolicy, 'localhost', ['127.0.0.1']);
    expect(connections).toBe(1);
  });
});

describe('promise 8: bytes are kept', () => {
  const awkward = fc.constantFrom(
    '12345678901234567890',
    '1.0',
    '-0',
    '[1e400,1E+2]',
    '{"a":1,"a":2}',
    '{"2":"two","1":"one"}',
    '{  "white" :\n\t"space" }',
    '"\\u0041\\/\\ud83d\\ude00"',
    '"\uffff\ufffe\u{1F600}é"',
    `"${'x'.repeat(100_000)}"`,
  );

  it('the payload arrives as it was posted, alone and in a batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(awkward, fc.json()), { minLength: 1, maxLength: 4 }),
        async (payloads) => {
          const world = new Posting({ endpoints: 1 });
          const events = payloads.map((payload) => `{"payload": ${payload} ,"type":"a.b"}`);
          await world.postUntilAccepted('/api/events', events[0] ?? '');
          await world.postUntilAccepted('/api/events/batch', `{"events":[${events.join(',')}]}`);
          await world.deliverAll();
          const received = world.plant.requests.map(({ body }) => Buffer.from(body).toString());
          expect(received.toSorted()).toEqual([payloads[0] ?? '', ...payloads].toSorted());
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('promise 9: secrets stay secret', () => {
  const secret = 'the-secret-that-signs';
  const credential = 'Bearer the-credential-of-an-endpoint';
  const hidden = [secret, credential, 'the-credential'];
  const expectNoSecret = (where: unknown) => {
    const text = JSON.stringify(where);
    for (const one of hidden) expect(text).not.toContain(one);
  };

  it('in no message, item, log line or dead letter of a delivery', async () => {
    const endpoint = { secrets: [{ value: secret, createdAt: 0 }], headers: { authorization: credential } };
    const world = new Posting({ endpoints: 2, endpoint });
    await world.postUntilAccepted('/api/events', event);
    await world.deliverAll();
    expect(world.messages).toHaveLength(2);
    expectNoSecret(world.messages);
    expectNoSecret([...world.deliveries, ...world.events]);
    const lines: unknown[] = [];
    const logger = { info: (...line: unknown[]) => lines.push(line) };
    const metrics = { addMetric: (...metric: unknown[]) => lines.push(metric) };
    for (const report of world.plant.reports) reportAttempt(report, logger as never, metrics as never);
    expect(lines.length).toBeGreaterThan(2);
    expectNoSecret(lines);
  });

  it('in no read of an endpoint', () => {
    const view = endpointView(
      {
        state: { status: 'active', since: 0 },
        endpoint: {
          id: 'ep_1',
          applicationId: 'default',
          name: 'test',
          url: 'https://receiver.example',
          events: ['*'],
          headers: { 'X-Api-Key': credential, 'X-App-ID': 'shown' },
          timeout: 30_000,
          priority: 'normal',
          retryConfig: 'standard',
          circuitBreaker: { enabled: true, threshold: 5, timeout: 60_000 },
          secrets: [{ value: secret, createdAt: 0 }],
          signatureHeader: 'X-Signature',
          metadata: {},
          createdAt: 0,
          updatedAt: 0,
        },
      },
      0,
    );
    expectNoSecret(view);
    expect(view.headers['X-App-ID']).toBe('shown');
  });

  it("nor a receiver's in the record of an attempt", async () => {
    const answer = {
      kind: 'answered' as const,
      statusCode: 200,
      headers: { 'set-cookie': `session=${credential}` },
      body: '',
      durationMs: 1,
    };
    const sender = { send: async () => answer as never, close: () => undefined };
    const request = {
      url: 'https://receiver.example',
      headers: {},
      body: new Uint8Array(0),
      timeout: 1,
      signal: new AbortController().signal,
      onSent: () => undefined,
    };
    expectNoSecret(await sendRequest(sender, request, () => 0));
  });

  it('nor a token in the table', () => {
    const token = makeToken(Buffer.from('a token of sixty-four bytes, as random as a test can be, or so..'));
    const record = {
      id: 'tok_1',
      applicationId: 'default',
      name: 'test',
      scopes: ['admin' as const],
      createdAt: 0,
    };
    const stored = JSON.stringify(tokenAttributes(record, hashToken(token)));
    expect(stored).not.toContain(token.slice(4, 34));
    expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/);
  });
});
