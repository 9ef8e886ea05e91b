import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Hook0Client } from '#sdk/src/client/client.ts';
import { ApiError, NoAnswerError, PartlySentError, UnexpectedAnswerError } from '#sdk/src/client/errors.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';

// The client as a program uses it, against the local run.

const local = stackOfFile({});
const clientOf = (apiUrl: string, apiToken = local.stack.adminToken): Hook0Client =>
  new Hook0Client({ apiUrl, apiToken, retries: 1 });
const numbered = (type: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ type, payload: { n } }));

async function storedCount(type: string): Promise<number> {
  let count = 0;
  for await (const _ of local.client.events.all({ type })) count += 1;
  return count;
}

describe('the client', () => {
  it('sends many events with one result for each, and none twice for the same key', async () => {
    const { client } = local;
    const events = numbered('sdk.many', 250);
    const withWrong = [
      ...events.slice(0, 120),
      { type: 'not an event type', payload: 1 },
      ...events.slice(120),
    ];
    const results = await client.sendEvents(withWrong, { idempotencyKey: 'sdk-many' });
    expect(results).toHaveLength(251);
    expect(results.flatMap(({ success }, index) => (success ? [] : [index]))).toEqual([120]);
    expect(results[120]).toMatchObject({
      error: { status: 400, code: 'validation_failed', field: 'events[120].type' },
    });
    expect(await client.sendEvents(withWrong, { idempotencyKey: 'sdk-many' })).toEqual(results);
    expect(await storedCount('sdk.many')).toBe(250);
  });

  it('goes on after a request that failed in the middle', async () => {
    let requests = 0;
    const breaking = new Hook0Client({
      ...{ apiUrl: local.stack.url, apiToken: local.stack.adminToken, retries: 0 },
      // The second request arrives, and its answer is lost.
      fetch: async (...request) => {
        const answer = await fetch(...request);
        requests += 1;
        if (requests === 2) throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });
        return answer;
      },
    });
    const events = numbered('sdk.broken', 150);
    const options = { idempotencyKey: 'sdk-broken' };
    const error = await breaking.sendEvents(events, options).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PartlySentError);
    expect(error).toMatchObject({ results: { length: 100 }, cause: { name: 'NoAnswerError' } });
    const results = await breaking.sendEvents(events, options);
    expect(results.every(({ success }) => success)).toBe(true);
    expect(await storedCount('sdk.broken')).toBe(150);
  });

  it('sends if a condition holds', async () => {
    const order = { amount: 1_200 };
    const event = { type: 'sdk.high_value', payload: { order } };
    const sent = await local.client.sendEventIf({
      ...event,
      condition: (payload) => payload.order.amount > 1000,
    });
    expect(sent).toMatchObject({ sent: true, webhookCount: 0 });
    expect(await local.client.sendEventIf({ ...event, condition: async () => false })).toEqual({
      sent: false,
    });
    expect(await storedCount('sdk.high_value')).toBe(1);
  });

  it('keeps the bytes of a payload', async () => {
    const payloadJson = '{"id":12345678901234567890,"total":1.0,"total":1e2}';
    const receiver = await testReceiver();
    const type = 'sdk.bytes';
    await local.client.endpoints.create({ name: 'Bytes', url: receiver.url, events: [type] });
    await local.client.sendEvent({ type, payloadJson });
    const [request] = await receiver.until((requests) => requests.length > 0);
    expect(request?.body.toString()).toBe(payloadJson);
  });

  it('reads an empty result', async () => {
    const shop = new Hook0Client({
      apiUrl: local.stack.url,
      apiToken: local.stack.adminToken,
      application: 'empty',
    });
    await local.client.applications.create({ id: 'empty', name: 'Empty' });
    expect(await shop.endpoints.list()).toEqual({ data: [], nextCursor: null });
    expect(await shop.sendEvents([])).toEqual([]);
  });
});

describe('the client rejects', () => {
  const event = { type: 'sdk.rejected', payload: 1 };

  it('a wrong token', async () => {
    const error = await clientOf(local.stack.url, 'hk0_wrong')
      .sendEvent(event)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ httpStatus: 401, code: 'token_invalid', requestId: expect.any(String) });
    expect(String(error)).not.toContain('hk0_wrong');
  });

  it('a host that does not listen', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await clientOf(`http://127.0.0.1:${port}`)
      .sendEvent(event)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(String(error)).toContain(`POST /api/events: no answer after 2 attempts: connect ECONNREFUSED`);
  });

  it('the page of a proxy, and an empty answer', async () => {
    const page = { 'content-type': 'text/html', server: 'portal' };
    const portal = await testReceiver(() => ({ status: 200, headers: page, body: '<title>Sign in</title>' }));
    const sent = clientOf(new URL(portal.url).origin).sendEvent(event);
    await expect(sent).rejects.toThrow('200 text/html from portal: <title>Sign in</title>');
    await expect(sent).rejects.toBeInstanceOf(UnexpectedAnswerError);
    const silent = await testReceiver(() => ({ status: 202 }));
    await expect(clientOf(new URL(silent.url).origin).sendEvent(event)).rejects.toThrow('an empty body');
    // Neither was asked twice, because it would say the same again.
    expect([portal.requests.length, silent.requests.length]).toEqual([1, 1]);
  });

  it('a redirect, without sending the token on', async () => {
    const target = await testReceiver();
    const moved = await testReceiver(() => ({ status: 307, headers: { location: target.url } }));
    const sent = clientOf(new URL(moved.url).origin).sendEvent(event);
    await expect(sent).rejects.toThrow(`307 without a content-type to ${target.url}`);
    expect(target.requests).toEqual([]);
  });
});
