import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tokenAttributes } from '#adapters/dynamodb/token/token-item.ts';
import { createSender } from '#adapters/http-client/guarded-request.ts';
import { decide } from '#core/delivery/decide.ts';
import { isSettled, newDelivery } from '#core/delivery/delivery.ts';
import { endpointView } from '#core/endpoint/endpoint-view.ts';
import { localPolicy, strictPolicy, type TargetPolicy } from '#core/outbound/target-url.ts';
import { hashToken, makeToken } from '#core/token/token.ts';
import { sendRequest } from '#lambdas/deliver/http.ts';
import { reportAttempt } from '#lambdas/deliver/report.ts';
import { IngestWorld } from './ingest-world.ts';
import { answered, endpointId, eventId, start, World } from './world.ts';

// What Hook0 promises, each with a test that fails when the promise is broken: `npm run mutate` breaks them in turn.
// Promise 5, one probe, has its test in half-open.test.ts, and promise 6, isolation, in isolation.test.ts; that what
// runs here is what deploys is tested on the whole stack: test/e2e/policies.test.ts.

const event = '{"type":"order.created","payload":{"n":1.0}}';
const batch = `{"events":[${[event, '{"type":"bad type","payload":1}', event, event].join(',')}]}`;
const retries = { maxAttempts: 4, strategy: 'fixed', baseDelay: 1_000, jitter: false } as const;
const crashes = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 6 });

describe('promise 1: nothing accepted is lost', () => {
  it('whatever fails while an event is taken: a 202 is durable, and what is not gets a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 12 })), async (failing) => {
        const world = new IngestWorld({
          endpoints: 2,
          damageAt: (step) => (failing.includes(step) ? 'fails' : undefined),
        });
        const answer = await world.post('/api/events', event);
        expect([202, 500]).toContain(answer?.statusCode);
        await world.deliverAll();
        if (answer?.statusCode !== 202) return;
        expect(world.events.size).toBe(1);
        // Delivered, or held for the scheduler to release.
        expect(world.deliveries.size).toBe(2);
      }),
      { numRuns: 200 },
    );
  });

  it('and a batch tells the truth about each of its events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 16 })), async (failing) => {
        const world = new IngestWorld({
          endpoints: 2,
          damageAt: (step) => (failing.includes(step) ? 'fails' : undefined),
        });
        const answer = await world.post('/api/events/batch', batch);
        await world.deliverAll();
        if (answer?.statusCode !== 202) return;
        const { results } = JSON.parse(answer.body);
        expect(results).toHaveLength(4);
        expect(results[1]).toMatchObject({ success: false, error: { status: 400 } });
        for (const result of results) {
          if (!result.success) expect([400, 500]).toContain(result.error.status);
          else {
            const held = [...world.deliveries.values()].filter(({ eventId }) => eventId === result.eventId);
            expect(held).toHaveLength(2);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('whatever dies while it is delivered: it ends settled, and a dead one leaves a dead letter', async () => {
    await fc.assert(
      fc.asyncProperty(
        crashes,
        // In the queue, and outside of it.
        fc.constantFrom(1_000, 120_000),
        fc.array(fc.constantFrom(200, 301, 404, 429, 500), { maxLength: 6 }),
        async (steps, baseDelay, answers) => {
          const world = new World({
            retryConfig: { ...retries, baseDelay, maxDelay: baseDelay },
            receiver: (n) => answered(answers[n - 1] ?? 503),
            crashAt: (step) => steps.includes(step),
          });
          await world.run();
          expect(world.item && isSettled(world.item.state)).toBe(true);
          if (world.item?.state.status === 'dead') expect(world.deadLetters).not.toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('promise 2: at least once, recognisably', () => {
  it('every attempt carries the webhook-id of its event', async () => {
    await fc.assert(
      fc.asyncProperty(crashes, async (steps) => {
        const world = new World({
          retryConfig: retries,
          receiver: (n) => answered(n < 4 ? 500 : 200),
          crashAt: (step) => steps.includes(step),
        });
        world.duplicate();
        await world.run();
        expect(world.requests.length).toBeGreaterThan(1);
        expect(new Set(world.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
          new Set([eventId]),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('promise 3: a wait is not an attempt', () => {
  it('crashes, repeats and pauses spend none: only as many requests as configured exhaust it', async () => {
    await fc.assert(
      fc.asyncProperty(crashes, fc.boolean(), async (steps, pauses) => {
        const world = new World({
          retryConfig: retries,
          receiver: () => answered(503),
          crashAt: (step) => steps.includes(step),
        });
        if (pauses) {
          world.pause();
          await world.run(3_600_000);
          expect(world.requests).toEqual([]);
          world.resume();
        }
        await world.run();
        expect(world.item).toMatchObject({
          attemptCount: retries.maxAttempts,
          state: { status: 'dead', reason: 'exhausted' },
        });
        expect(world.requests.length).toBeGreaterThanOrEqual(retries.maxAttempts);
        for (const [index, { headers }] of world.requests.entries())
          expect(Number(headers['X-Hook0-Attempt'])).toBeLessThanOrEqual(index + 1);
      }),
      { numRuns: 100 },
    );
  });
});

describe('promise 4: never early', () => {
  it('a message that comes early waits for what is left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), (early) => {
        const of = { applicationId: 'default', endpointId, eventId, priority: 'normal' as const };
        const queued = { ...newDelivery(of, start), revision: 1 };
        const waiting = { ...queued, state: { status: 'queued' as const, dueAt: start + early } };
        const messageReceived = {
          ...{
            kind: 'message_received' as const,
            generation: 1,
            firstReceive: false,
            endpoint: 'active' as const,
          },
          claim: { id: 'claim', until: start + 90_000 },
          circuit: 'go' as const,
          divert: false,
        };
        expect(decide(waiting, messageReceived, start, 0).next).toEqual({
          kind: 'requeue',
          until: start + early,
        });
        expect(decide(waiting, messageReceived, start + early, 0).next).toEqual({ kind: 'attempt' });
      }),
    );
  });

  it('no request starts before the backoff or the Retry-After of the attempt before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        crashes,
        fc.constantFrom(1_000, 59_000, 61_000, 3_600_000),
        fc.option(fc.integer({ min: 0, max: 7_200_000 }), { nil: undefined }),
        fc.float({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (steps, baseDelay, retryAfter, random) => {
          const world = new World({
            retryConfig: { maxAttempts: 4, strategy: 'fixed', baseDelay, maxDelay: 3_600_000 },
            receiver: () => answered(429, retryAfter),
            crashAt: (step) => steps.includes(step),
            random: () => random,
          });
          await world.run();
          const attempts = world.item?.attempts ?? [];
          expect(attempts).toHaveLength(4);
          for (const { startedAt, duration, nextAttemptAt } of attempts.slice(0, -1)) {
            const wait = Math.max(0.9 * baseDelay, retryAfter ?? 0);
            expect(nextAttemptAt).toBeGreaterThanOrEqual(Math.floor(startedAt + duration + wait));
            for (const { at } of world.requests)
              if (at > startedAt) expect(at).toBeGreaterThanOrEqual(nextAttemptAt ?? Infinity);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('promise 7: no forbidden address', () => {
  /** The address rules alone, so that a refusal cannot come from the scheme or the port. */
  const publicOnly: TargetPolicy = { allowPlainHttp: true, allowLoopback: false, ports: 'any' };

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

  it('and the check is what keeps it: without the rule the same request arrives', async () => {
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
          const world = new IngestWorld({ endpoints: 1 });
          const events = payloads.map((payload) => `{"payload": ${payload} ,"type":"a.b"}`);
          await world.postUntilAccepted('/api/events', events[0] ?? '');
          await world.postUntilAccepted('/api/events/batch', `{"events":[${events.join(',')}]}`);
          await world.deliverAll();
          const received = world.received.map((body) => Buffer.from(body).toString());
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
    const world = new IngestWorld({ endpoints: 2, endpoint });
    await world.postUntilAccepted('/api/events', event);
    await world.deliverAll();
    expect(world.messages).toHaveLength(2);
    expectNoSecret(world.messages);
    expectNoSecret([...world.deliveries.values(), ...world.events.values()]);
    const lines: unknown[] = [];
    const logger = { info: (...line: unknown[]) => lines.push(line) };
    const metrics = { addMetric: (...metric: unknown[]) => lines.push(metric) };
    for (const report of world.reports) reportAttempt(report, logger as never, metrics as never);
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
