import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '#local/faults/faults.ts';
import type { ApiAnswer } from '#test/support/api.ts';
import { faultyEvents, type Subscription } from '#test/support/faulty-events.ts';
import { stackOfFile } from '#test/support/file-stack.ts';
import { action, allTries, by, gets, mentions, puts } from '#test/support/stack-faults.ts';

const local = stackOfFile();
const { api } = local;
const { subscribed, post, settled, idOf, deliveryOf, expectHonest } = faultyEvents(api);

beforeAll(() => api.expect(202, 'POST', '/api/events', { type: 'warm.up', payload: 1 }));
afterEach(() => local.stack.proxy.faults.clear());

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

  it('that hangs is answered before API Gateway gives up', async () => {
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
    // After 30 s the gateway answers by itself, with neither a 202 nor a problem.
    const answered = async (subscription: Subscription, status: number) => {
      const answer = await post(subscription.type);
      expect(answer.status).toBe(status);
      return expectHonest(answer, subscription);
    };
    await Promise.all([answered(queue, 202), answered(table, 503), answered(once, 202)]);
  });
});
