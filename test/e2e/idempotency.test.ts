import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hashKey } from '#core/idempotency/key.ts';
import { rootPrincipal } from '#local/aws-api/proxy.ts';
import { AwsCallError, awsCaller } from '#local/aws-protocol/client.ts';
import type { Fault } from '#local/faults/faults.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { action, allTries, by, gets, puts } from '#test/support/stack-faults.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();
const { api } = local;
let eventTable: unknown;

beforeAll(async () => {
  local.stack.proxy.faults.observe({
    before: (call) => {
      if (puts('IDEMPOTENCY#')(call)) eventTable = call.input.TableName;
    },
  });
  await post({ type: 'not.wanted', payload: 1 }, fresh('key'));
});
afterEach(() => local.stack.proxy.faults.clear());

let names = 0;
const fresh = (what: string) => `${what}${names++}`;

/** An event type with one endpoint that wants it. */
async function subscribed() {
  const receiver = await testReceiver();
  const type = `${fresh('test')}.happened`;
  await api.expect(201, 'POST', '/api/endpoints', { name: 'test', url: receiver.url, events: [type] });
  return { type, receiver };
}

const post = (body: unknown, key: string, path = '/api/events') =>
  api.call('POST', path, body, { 'idempotency-key': key });

async function eventsOf(type: string): Promise<{ id: string }[]> {
  const { data } = await api.expect(200, 'GET', `/api/events?type=${type}`);
  return Array.isArray(data) ? data : [];
}

const settled = (eventId: string) =>
  waitFor(`event ${eventId} to settle`, async () => {
    const { deliveries } = await api.expect(200, 'GET', `/api/events/${eventId}`);
    const all: { status: string }[] = Array.isArray(deliveries) ? deliveries : [];
    return all.length > 0 && all.every(({ status }) => status === 'succeeded') ? all : undefined;
  });

describe('an idempotency key', () => {
  it('makes one event of 100 parallel posts, and 100 equal answers', async () => {
    const { type, receiver } = await subscribed();
    const key = fresh('key');
    const body = { type, payload: { n: 1 } };
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(body, key)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    const replayed = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
    expect(replayed).toHaveLength(99);
    const [event, ...others] = await eventsOf(type);
    expect(others).toEqual([]);
    expect(answers[0]?.text).toBe(JSON.stringify({ success: true, eventId: event?.id, webhookCount: 1 }));
    await settled(String(event?.id));
    expect(receiver.requests).toHaveLength(1);
  });

  it('refuses another body, and the same body elsewhere', async () => {
    const key = fresh('key');
    const body = { type: 'not.wanted', payload: 1 };
    await api.call('POST', '/api/events', body, { 'idempotency-key': key });
    const answer = await post({ ...body, payload: 2 }, key);
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ code: 'idempotency_key_reused', field: 'idempotency-key' });
    expect((await post({ events: [body] }, key, '/api/events/batch')).status).toBe(409);
    // Not even a blank more is the same.
    expect((await post(`${JSON.stringify(body)} `, key)).status).toBe(409);
  });

  it('that is not valid is refused before the body is read', async () => {
    const answer = await post('not JSON', 'two words');
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'invalid_header', field: 'idempotency-key' });
  });

  it('is not used up by a body that is not valid', async () => {
    const key = fresh('key');
    expect((await post({ type: 'bad type' }, key)).status).toBe(400);
    expect((await post({ type: 'not.wanted', payload: 1 }, key)).status).toBe(202);
  });

  it('belongs to its application', async () => {
    const key = fresh('key');
    await api.expect(201, 'POST', '/api/applications', { id: 'other-team', name: 'Other' });
    const body = { type: 'not.wanted', payload: 1 };
    const own = await post(body, key);
    const other = await api.call('POST', '/api/events', body, {
      'idempotency-key': key,
      'x-hook0-application': 'other-team',
    });
    expect(other.status).toBe(202);
    expect(other.text).not.toBe(own.text);
  });

  it('covers a whole batch', async () => {
    const { type, receiver } = await subscribed();
    const key = fresh('key');
    const body = {
      events: [
        { type, payload: 1 },
        { type: 'bad type', payload: 2 },
        { type, payload: 3 },
      ],
    };
    const first = await post(body, key, '/api/events/batch');
    const second = await post(body, key, '/api/events/batch');
    expect(first.json).toMatchObject({ results: [{ success: true }, { success: false }, { success: true }] });
    expect([second.status, second.text]).toEqual([202, first.text]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    const events = await eventsOf(type);
    expect(events).toHaveLength(2);
    await Promise.all(events.map(({ id }) => settled(id)));
    expect(receiver.requests).toHaveLength(2);
  });

  it('costs two small writes, and nothing without it', async () => {
    const { type } = await subscribed();
    const body = JSON.stringify({ type, payload: 1 });
    const writes = async (send: () => Promise<unknown>) => {
      const calls: string[] = [];
      const observer = local.stack.proxy.faults.observe({
        before: (call) => {
          if (call.principal.startsWith('Hook0Ingest')) calls.push(call.action);
        },
      });
      await send();
      observer.remove();
      return calls.toSorted();
    };
    await api.expect(202, 'POST', '/api/events', body);
    const without = await writes(() => api.expect(202, 'POST', '/api/events', body));
    const key = fresh('key');
    expect(await writes(() => post(body, key))).toEqual([...without, 'PutItem', 'PutItem'].toSorted());
    expect(await writes(() => post(body, key))).toEqual(['PutItem']);
  });
});

describe('a first post that fails', () => {
  const ingest = (matches: Fault['match']) => by('Hook0Ingest', matches);
  const isAnswer: Fault['match'] = (call) =>
    puts('IDEMPOTENCY#')(call) && JSON.stringify(call.input.Item).includes('"b":');
  const steps: readonly [string, Fault['match']][] = [
    ['the claim', puts('IDEMPOTENCY#')],
    ['the event', puts('APP#')],
    ['the queue', action('SendMessageBatch')],
    ['the answer', isAnswer],
  ];

  it.each(
    steps.flatMap(([step, match]) => [
      { step, match, kind: 'unavailable' as const },
      { step, match, kind: 'throttle' as const },
      { step, match, kind: 'drop-response' as const },
    ]),
  )('at $step ($kind) and is posted again makes one event and one delivery', async ({ match, kind }) => {
    const { type, receiver } = await subscribed();
    const key = fresh('key');
    const body = { type, payload: 1 };
    const fault = local.stack.proxy.faults.add({ match: ingest(match), kind, times: allTries });
    const first = await post(body, key);
    expect([202, 503]).toContain(first.status);
    expect(fault.hits).toBe(allTries);
    if (first.status === 503) {
      expect(first.headers.get('content-type')).toBe('application/problem+json');
      expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await endLease(key);
    const second = await post(body, key);
    expect(second.status).toBe(202);
    if (first.status === 202) expect(second.text).toBe(first.text);
    const [event, ...others] = await eventsOf(type);
    expect(others).toEqual([]);
    expect(second.text).toContain(event?.id);
    expect(await settled(String(event?.id))).toHaveLength(1);
    // Lost answers of a queue may repeat a request, under the same webhook-id; nothing else does.
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([event?.id]),
    );
    if (kind !== 'drop-response') expect(receiver.requests).toHaveLength(1);
  });

  it('with all its calls leaves a key that is in progress until its lease is over', async () => {
    const { type, receiver } = await subscribed();
    const key = fresh('key');
    const body = { type, payload: 1 };
    // The event is stored, and neither the queue nor the table takes anything after that.
    let isStored = false;
    local.stack.proxy.faults.observe({
      after: (call) => {
        if (ingest(puts('APP#'))(call)) isStored = true;
      },
    });
    const away: Fault['match'] = ingest(
      (call) => isStored && ['PutItem', 'SendMessageBatch'].includes(call.action),
    );
    const fault = local.stack.proxy.faults.add({ match: away, kind: 'unavailable' });
    expect((await post(body, key)).status).toBe(503);
    fault.remove();
    let looks = 0;
    local.stack.proxy.faults.observe({
      before: (call) => {
        if (ingest(gets('IDEMPOTENCY#'))(call)) looks += 1;
      },
    });
    const second = await post(body, key);
    expect(second.status).toBe(409);
    expect(second.json).toMatchObject({ code: 'idempotency_in_progress' });
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    // It looked again and again for the answer of the first request before it gave up.
    expect(looks).toBeGreaterThan(2);
    expect(receiver.requests).toHaveLength(0);
    await endLease(key);
    expect((await post(body, key)).status).toBe(202);
    const events = await eventsOf(type);
    expect(events).toHaveLength(1);
    await settled(String(events[0]?.id));
    expect(receiver.requests).toHaveLength(1);
  });
});

/** Lets the time of a lease pass, if the key is not answered yet. */
async function endLease(key: string): Promise<void> {
  const caller = awsCaller(() => local.stack.proxy.origin, rootPrincipal);
  try {
    await caller.call('dynamodb', 'UpdateItem', {
      TableName: eventTable,
      Key: { pk: { S: `IDEMPOTENCY#default#${hashKey(key)}` }, sk: { S: 'KEY' } },
      UpdateExpression: 'SET l = :past',
      ConditionExpression: 'attribute_exists(l)',
      ExpressionAttributeValues: { ':past': { N: '0' } },
    });
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.name !== 'ConditionalCheckFailedException') throw error;
  } finally {
    caller.close();
  }
}
