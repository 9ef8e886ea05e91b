import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Receiver } from '#demo/receiver.ts';
import type { Fault, FaultKind } from '#local/faults/faults.ts';
import type { ApiAnswer } from '#test/support/api.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { action, allTries, by, gets, mentions, puts } from '#test/support/stack-faults.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();
const { api } = local;

beforeAll(() => api.expect(202, 'POST', '/api/events', { type: 'warm.up', payload: 1 }));
afterEach(() => local.stack.proxy.faults.clear());

let types = 0;

interface Subscription {
  readonly type: string;
  readonly endpointId: string;
  readonly receiver: Receiver;
}

/** An event type of its own with one endpoint, whose first requests it answers 500. */
async function subscribed(failures = 0, retryConfig: object = {}): Promise<Subscription> {
  const receiver = await testReceiver((number) => ({ status: number <= failures ? 500 : 200 }));
  const type = `trouble${types++}.happened`;
  const { id } = await api.expect(201, 'POST', '/api/endpoints', {
    name: 'test',
    url: receiver.url,
    events: [type],
    retryConfig: { maxAttempts: 3, strategy: 'fixed', baseDelay: 100, jitter: false, ...retryConfig },
  });
  return { type, endpointId: String(id), receiver };
}

const post = (type: string) => api.call('POST', '/api/events', { type, payload: { n: 1 } });

async function deliveryOf(eventId: string): Promise<Record<string, unknown> | undefined> {
  const { deliveries } = await api.expect(200, 'GET', `/api/events/${eventId}`);
  return Array.isArray(deliveries) ? deliveries[0] : undefined;
}

const settled = (eventId: string, timeout = 50_000) =>
  waitFor(
    `event ${eventId} to settle`,
    async () => {
      const delivery = await deliveryOf(eventId);
      return ['succeeded', 'dead', 'cancelled'].includes(String(delivery?.status)) ? delivery : undefined;
    },
    timeout,
  );

const idOf = ({ json }: ApiAnswer): string => String((json as { eventId: string }).eventId);

/** An honest answer: a 202 that is kept, or a problem that says when to come again. */
async function expectHonest(answer: ApiAnswer, { receiver }: Subscription): Promise<void> {
  if (answer.status !== 202) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.json).toMatchObject({ code: 'unavailable', requestId: expect.any(String) });
    return;
  }
  const eventId = idOf(answer);
  expect(await settled(eventId)).toMatchObject({ status: 'succeeded' });
  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toContain(eventId);
}

describe('trouble while an event is taken', () => {
  const ingest = (matches: Fault['match']) => by('Hook0Ingest', matches);
  const kinds: readonly FaultKind[] = ['throttle', 'unavailable', 'drop-response'];
  const steps: readonly [string, Fault['match'], readonly number[]][] = [
    ['reading the routing version', gets('VERSION#'), [503]],
    ['storing the event', puts('APP#'), [503]],
    ['queueing the delivery', action('SendMessageBatch'), [202]],
  ];

  it.each(steps.flatMap(([step, match, statuses]) => kinds.map((kind) => ({ step, kind, match, statuses }))))(
    'at $step ($kind) is answered honestly and keeps what was accepted',
    async ({ match, kind, statuses }) => {
      const subscription = await subscribed();
      const fault = local.stack.proxy.faults.add({ match: ingest(match), kind, times: allTries });
      const answer = await post(subscription.type);
      expect(fault.hits).toBe(allTries);
      expect(statuses).toContain(answer.status);
      await expectHonest(answer, subscription);
      await expectHonest(await post(subscription.type), subscription);
    },
  );

  it('that one more try gets over is not told', async () => {
    const subscription = await subscribed();
    for (const [, match] of steps)
      local.stack.proxy.faults.add({ match: ingest(match), kind: 'throttle', times: 1 });
    const answer = await post(subscription.type);
    expect(answer.status).toBe(202);
    await expectHonest(answer, subscription);
  });

  it('that lasts at the queues holds the deliveries, and the scheduler releases them when it is over', async () => {
    const subscriptions = await Promise.all([subscribed(), subscribed()]);
    const fault = local.stack.proxy.faults.add({
      match: (call) => call.action === 'SendMessageBatch',
      kind: 'unavailable',
    });
    const answers = await Promise.all(subscriptions.map(({ type }) => post(type)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    const held = await Promise.all(answers.map((answer) => deliveryOf(idOf(answer))));
    // Released already, perhaps, with a message that the queue did not take either.
    for (const delivery of held) expect(['held', 'queued']).toContain(delivery?.status);
    expect(subscriptions.flatMap(({ receiver }) => receiver.requests)).toEqual([]);
    fault.remove();
    await Promise.all(
      subscriptions.map((subscription, n) => expectHonest(answers[n] as ApiAnswer, subscription)),
    );
  });

  it('with some entries of a batch sends those again and delivers all', async () => {
    const subscription = await subscribed();
    const fault = local.stack.proxy.faults.add({
      match: ingest(action('SendMessageBatch')),
      kind: 'partial-batch',
      times: 3,
    });
    const { results } = await api.expect(202, 'POST', '/api/events/batch', {
      events: Array.from({ length: 10 }, (_, n) => ({ type: subscription.type, payload: n })),
    });
    expect(fault.hits).toBe(3);
    const accepted = results as { success: boolean; eventId: string }[];
    expect(accepted.every(({ success }) => success)).toBe(true);
    await Promise.all(accepted.map(({ eventId }) => settled(eventId)));
    expect(new Set(subscription.receiver.requests.map(({ body }) => body.toString())).size).toBe(10);
  });

  it('with some events of a batch says of each what became of it', async () => {
    const subscription = await subscribed();
    const { type } = subscription;
    const events = Array.from({ length: 6 }, (_, n) => ({
      type,
      payload: n,
      source: n % 2 ? 'odd' : 'even',
    }));
    const storesOdd = (call: Parameters<Fault['match']>[0]) => puts('APP#')(call) && mentions('"odd"')(call);
    const fault = local.stack.proxy.faults.add({ match: ingest(storesOdd), kind: 'unavailable' });
    const { results } = await api.expect(202, 'POST', '/api/events/batch', { events });
    fault.remove();
    expect(results).toMatchObject(
      events.map(({ source }) =>
        source === 'even'
          ? { success: true, webhookCount: 1 }
          : { success: false, error: { status: 503, code: 'unavailable' } },
      ),
    );
    const accepted = (results as { success: boolean; eventId: string }[]).filter(({ success }) => success);
    await Promise.all(accepted.map(({ eventId }) => settled(eventId)));
    expect(subscription.receiver.requests.map(({ body }) => body.toString()).toSorted()).toEqual([
      '0',
      '2',
      '4',
    ]);
    const { data } = await api.expect(200, 'GET', `/api/events?type=${type}`);
    expect(data).toHaveLength(3);
  });

  it('with some events of a batch that has a key is completed by the same request', async () => {
    const subscription = await subscribed();
    const { type } = subscription;
    const events = Array.from({ length: 4 }, (_, n) => ({
      type,
      payload: n,
      source: n % 2 ? 'odd' : 'even',
    }));
    const send = () =>
      api.call('POST', '/api/events/batch', { events }, { 'idempotency-key': `batch-of-${type}` });
    const storesOdd = (call: Parameters<Fault['match']>[0]) => puts('APP#')(call) && mentions('"odd"')(call);
    const fault = local.stack.proxy.faults.add({ match: ingest(storesOdd), kind: 'unavailable' });
    expect((await send()).status).toBe(503);
    fault.remove();
    const answer = await send();
    expect(answer.status).toBe(202);
    const { results } = answer.json as { results: { eventId: string; success: boolean }[] };
    expect(results.every(({ success }) => success)).toBe(true);
    await Promise.all(results.map(({ eventId }) => settled(eventId)));
    const bodies = subscription.receiver.requests.map(({ body }) => body.toString());
    expect(bodies.toSorted()).toEqual(['0', '1', '2', '3']);
  });

  it('with all events of a batch is one 503', async () => {
    local.stack.proxy.faults.add({ match: ingest(puts('APP#')), kind: 'throttle' });
    const answer = await api.call('POST', '/api/events/batch', {
      events: [
        { type: 'nobody.asked', payload: 1 },
        { type: 'bad type', payload: 2 },
      ],
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBeTruthy();
  });

  it('that hangs is answered long before API Gateway gives up', async () => {
    const [queue, table, once] = await Promise.all([subscribed(), subscribed(), subscribed()]);
    const hangs = (matches: Fault['match'], times?: number) =>
      local.stack.proxy.faults.add({
        match: ingest(matches),
        kind: 'timeout',
        ...(times === undefined ? {} : { times }),
      });
    // Everything about these three at once, as each takes its time.
    hangs((call) => action('SendMessageBatch')(call) && mentions(queue.endpointId)(call));
    hangs((call) => puts('APP#')(call) && mentions(table.type)(call));
    hangs((call) => puts('APP#')(call) && mentions(once.type)(call), 1);
    const timed = async (subscription: Subscription, longest: number, status: number) => {
      const startedAt = Date.now();
      const answer = await post(subscription.type);
      expect(Date.now() - startedAt).toBeLessThan(longest);
      expect(answer.status).toBe(status);
      return expectHonest(answer, subscription);
    };
    await Promise.all([timed(queue, 25_000, 202), timed(table, 25_000, 503), timed(once, 20_000, 202)]);
  });
});

describe('trouble while a delivery is made', () => {
  const deliver = (matches: Fault['match']) => by('Hook0Deliver', matches);
  const rows: readonly {
    readonly step: string;
    readonly match: Fault['match'];
    readonly kinds: readonly FaultKind[];
    /** Requests that the receiver answers 500 first. */
    readonly failures?: number;
    readonly maxAttempts?: number;
    readonly ends?: string;
  }[] = [
    {
      step: 'reading the endpoint',
      match: action('BatchGetItem', 'GetItem', 'Query'),
      kinds: ['throttle', 'unavailable', 'timeout'],
    },
    {
      step: 'recording the outcome',
      match: puts('ENDPOINT#'),
      kinds: ['throttle', 'unavailable', 'drop-response'],
    },
    {
      step: 'recording a failure',
      match: puts('ENDPOINT#'),
      kinds: ['throttle', 'drop-response'],
      failures: 1,
    },
    {
      step: 'queueing the retry',
      match: action('SendMessageBatch'),
      kinds: ['throttle', 'unavailable', 'drop-response', 'partial-batch'],
      failures: 1,
    },
    {
      step: 'queueing the dead letter',
      match: action('SendMessageBatch'),
      kinds: ['unavailable', 'drop-response'],
      failures: 9,
      maxAttempts: 1,
      ends: 'dead',
    },
  ];

  it('brings the message back after a while, and the delivery settles once', async () => {
    const deadLetters = new Set<string>();
    local.stack.proxy.faults.observe({
      after: (call, { status }) => {
        if (status === 200 && mentions('"kind":"dead-letter"')(call))
          deadLetters.add(/evt_\w{26}/.exec(JSON.stringify(call.input))?.[0] ?? '');
      },
    });
    const troubled = rows.flatMap((row) => row.kinds.map((kind) => ({ ...row, kind })));
    const outcomes = await Promise.all(
      troubled.map(async ({ step, match, kind, failures = 0, maxAttempts = 3, ends = 'succeeded' }) => {
        const subscription = await subscribed(failures, { maxAttempts });
        const { endpointId, receiver, type } = subscription;
        const fault = local.stack.proxy.faults.add({
          match: deliver((call) => match(call) && mentions(endpointId)(call)),
          kind,
          // A call that hangs takes seconds for each try.
          times: kind === 'timeout' ? 1 : allTries,
        });
        const eventId = idOf(await post(type));
        const delivery = await settled(eventId);
        if (ends === 'dead') await waitFor('the dead letter', async () => deadLetters.has(eventId));
        const attempts = delivery?.attempts as { success: boolean }[];
        return {
          step: `${step} (${String(kind)})`,
          happened: fault.hits > 0,
          status: delivery?.status === ends ? 'as expected' : delivery,
          generation: delivery?.generation,
          successes: attempts.filter(({ success }) => success).length === (ends === 'dead' ? 0 : 1),
          webhookIds: receiver.requests.every(({ headers }) => headers['webhook-id'] === eventId),
        };
      }),
    );
    expect(outcomes).toEqual(
      outcomes.map(({ step }) => ({
        step,
        happened: true,
        status: 'as expected',
        generation: 1,
        successes: true,
        webhookIds: true,
      })),
    );
  });
});
