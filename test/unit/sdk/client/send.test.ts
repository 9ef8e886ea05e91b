import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, byteLength } from '#sdk/src/client/batches.ts';
import { ApiError, PartlySentError } from '#sdk/src/client/errors.ts';
import type { ConditionalEvent, NewEvent } from '#sdk/src/client/types.ts';
import { Hook0Error } from '#sdk/src/errors.ts';
import { lost, problem, type Step, scriptedClient } from '#test/support/scripted-client.ts';

const accepted = (id = 'evt_1') => ({ success: true, eventId: id, webhookCount: 2 });
const acceptedStep: Step = { status: 202, body: accepted() };
const results = (...list: readonly object[]): Step => ({ status: 202, body: { results: list } });

describe('sendEvent', () => {
  it('has the same idempotency key in all attempts, and an unchanged payload', async () => {
    const { client, requests, pauses } = scriptedClient([
      lost,
      problem(503, 'unavailable', { 'retry-after': '2' }),
      acceptedStep,
    ]);
    const payloadJson = '{"id":12345678901234567890,"total":1.0}';
    expect(await client.sendEvent({ type: 'order.created', payloadJson, options: { tags: ['a'] } })).toEqual(
      accepted(),
    );
    expect(requests.map(({ body }) => body)).toEqual(
      Array(3).fill(`{"payload":${payloadJson},"type":"order.created","options":{"tags":["a"]}}`),
    );
    expect(requests.map(({ headers }) => headers.get('idempotency-key'))).toEqual(Array(3).fill('key-1'));
    expect(requests[0]?.headers.get('content-type')).toBe('application/json');
    expect(pauses).toEqual([250, 2_000]);
  });

  it('waits for another request with the same key, and uses a given key', async () => {
    const busy = problem(409, 'idempotency_in_progress', { 'retry-after': '1' });
    const { client, requests } = scriptedClient([busy, acceptedStep]);
    await client.sendEvent({ type: 'a', payload: 1 }, { idempotencyKey: 'order-1' });
    expect(requests.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['order-1', 'order-1']);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  it.each<[string, object, string]>([
    ['a BigInt', { payload: { id: 1n } }, 'event.payload: it cannot be written as JSON'],
    ['a cycle', { payload: cyclic }, 'event.payload: it cannot be written as JSON'],
    ['NaN, which would become null', { payload: { total: Number.NaN } }, 'total is NaN'],
    ['a function', { payload: () => 1 }, 'event.payload: received function'],
    ['no payload', {}, 'event: expected payload or payloadJson, and not both'],
    [
      'two payloads',
      { payload: 1, payloadJson: '1' },
      'event: expected payload or payloadJson, and not both',
    ],
    [
      'a payload and more',
      { payloadJson: '1,"type":"b"' },
      'event.payloadJson: expected exactly one JSON value',
    ],
    ['two payloads in one', { payloadJson: '{} {}' }, 'event.payloadJson: expected exactly one JSON value'],
    ['an empty payload', { payloadJson: '' }, 'event.payloadJson: expected exactly one JSON value'],
    ['a byte order mark', { payloadJson: '\ufeff1' }, 'event.payloadJson: expected exactly one JSON value'],
    ['half a character', { payloadJson: '"\ud800"' }, 'event.payloadJson: it has half of a surrogate pair'],
    [
      'JSON that was parsed',
      { payloadJson: {} },
      'event.payloadJson: received object; expected JSON as text',
    ],
    ['a mistyped member', { payload: 1, optoins: {} }, 'event: optoins is unknown; did you mean options?'],
  ])('refuses %s', async (_, event, message) => {
    const { client, requests } = scriptedClient([]);
    const sent = client.sendEvent({ type: 'a', ...event } as NewEvent);
    await expect(sent).rejects.toThrow(message);
    await expect(sent).rejects.toThrow(Hook0Error);
    expect(requests).toHaveLength(0);
  });

  it.each([
    [undefined, 'event: received undefined; expected an object with type, source'],
    ['order.created', 'event: received string'],
  ])('refuses the event %j', async (event, message) => {
    const { client } = scriptedClient([]);
    await expect(client.sendEvent(event as unknown as NewEvent)).rejects.toThrow(message);
  });

  it('refuses a key that is not one, and an unknown option', async () => {
    const { client } = scriptedClient([]);
    const event = { type: 'a', payload: 1 };
    for (const idempotencyKey of ['', 'with space', 'a'.repeat(241)]) {
      await expect(client.sendEvent(event, { idempotencyKey })).rejects.toThrow('idempotencyKey: expected');
    }
    const wrong = { idempotencykey: 'a', timeout: 1 };
    await expect(client.sendEvent(event, wrong)).rejects.toThrow('did you mean idempotencyKey?');
  });
});

describe('sendEvents', () => {
  const numbered = (count: number): NewEvent[] =>
    Array.from({ length: count }, (_, n) => ({ type: 'a', payload: n }));
  const answers = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => accepted(`evt_${from + index}`));

  it('keeps the order, and answers one result for each event', async () => {
    const refused = {
      success: false,
      error: { status: 400, code: 'validation_failed', title: 'x', detail: 'y' },
    };
    const { client, requests } = scriptedClient([results(accepted('evt_0'), refused)]);
    const events = [
      { type: 'a', payload: { n: 1 } },
      { type: '', payloadJson: '2.0' },
    ];
    expect(await client.sendEvents(events)).toEqual([accepted('evt_0'), refused]);
    expect(requests[0]?.body).toBe('{"events":[{"payload":{"n":1},"type":"a"},{"payload":2.0,"type":""}]}');
  });

  it('cuts the events into requests of at most 100, each with a key', async () => {
    const { client, requests } = scriptedClient([
      results(...answers(100)),
      results(...answers(100, 100)),
      results(...answers(50, 200)),
    ]);
    const all = await client.sendEvents(numbered(250), { idempotencyKey: 'import' });
    expect(all).toEqual(answers(250));
    expect(requests.map(({ headers }) => headers.get('idempotency-key'))).toEqual([
      'import',
      'import/2',
      'import/3',
    ]);
    const posted = requests.flatMap(({ body }) =>
      JSON.parse(body).events.map((event: NewEvent) => event.payload),
    );
    expect(posted).toEqual(numbered(250).map(({ payload }) => payload));
  });

  it('names a refused event by its index among all', async () => {
    const where = (index: number) => `events[${index}].type`;
    const refused = (index: number) => ({
      success: false,
      error: {
        ...{ type: 'urn:x', title: 'x', status: 400, code: 'validation_failed', field: where(index) },
        detail: `${where(index)}: received events[3]`,
        errors: [{ field: where(index), message: 'received events[3]' }],
      },
    });
    const { client } = scriptedClient([
      results(...answers(99), refused(99)),
      results(refused(0), accepted()),
    ]);
    const all = await client.sendEvents(numbered(102));
    expect([all[99], all[100], all[101]]).toEqual([refused(99), refused(100), accepted()]);
  });

  it('sends nothing for no events', async () => {
    const { client, requests } = scriptedClient([]);
    expect(await client.sendEvents([])).toEqual([]);
    expect(requests).toHaveLength(0);
  });

  it('sends nothing when one of the events cannot be sent', async () => {
    const { client, requests } = scriptedClient([]);
    const withBigInt = [...numbered(150), { type: 'a', payload: 1n }];
    await expect(client.sendEvents(withBigInt)).rejects.toThrow('events[150].payload: it cannot be written');
    const tooLarge = [...numbered(150), { type: 'a', payload: 'x'.repeat(2_000_000) }];
    await expect(client.sendEvents(tooLarge)).rejects.toThrow('events[150]: it has 2000025 bytes');
    const one = { type: 'a', payload: 1 } as unknown as NewEvent[];
    await expect(client.sendEvents(one)).rejects.toThrow(
      'events: received object; expected an array of events',
    );
    expect(requests).toHaveLength(0);
  });

  it('rejects with the error of the first request, and later with the results so far', async () => {
    const { client } = scriptedClient([problem(401, 'token_invalid')]);
    await expect(client.sendEvents(numbered(150))).rejects.toBeInstanceOf(ApiError);

    const { client: other } = scriptedClient([results(...answers(100)), lost], { retries: 0 });
    const error = await other.sendEvents(numbered(150)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PartlySentError);
    expect(error).toMatchObject({ results: answers(100), cause: { name: 'NoAnswerError' } });
    expect(String(error)).toContain('100 of 150 events have a result, and then a request failed');
  });

  it('does not take an answer with other results', async () => {
    for (const wrong of [
      [],
      [accepted(), accepted()],
      [{}],
      [null],
      [{ success: true }],
      [{ success: false }],
    ]) {
      const { client } = scriptedClient([results(...(wrong as object[]))]);
      await expect(client.sendEvents(numbered(1))).rejects.toMatchObject({ name: 'UnexpectedAnswerError' });
    }
  });

  it('makes requests that the API and Lambda take, without losing or moving an event', () => {
    const events = fc.array(
      fc.nat(1_250_000).map((size) => JSON.stringify('"'.repeat(size / 2))),
      { maxLength: 8 },
    );
    const many = fc.nat(450).map((count) => Array.from({ length: count }, (_, n) => `{"n":${n}}`));
    fc.assert(
      fc.property(fc.oneof(events, many), (written) => {
        const batches = batchesOf(written);
        expect(batches.flat()).toEqual(written);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(100);
          const body = `{"events":[${batch.join(',')}]}`;
          // Lambda gets the body as a JSON string, and takes 6 MB with everything around it.
          expect(byteLength(JSON.stringify(body))).toBeLessThan(5_500_000);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('sendEventIf', () => {
  const order = (amount: number) => ({ type: 'order.high_value', payload: { order: { amount } } });

  it('says whether it sent', async () => {
    const { client, requests } = scriptedClient([acceptedStep, acceptedStep]);
    const condition = (payload: { order: { amount: number } }) => payload.order.amount > 1000;
    expect(await client.sendEventIf({ ...order(5000), condition })).toEqual({ sent: true, ...accepted() });
    expect(await client.sendEventIf({ ...order(10), condition })).toEqual({ sent: false });
    expect(await client.sendEventIf({ ...order(10), condition: async () => true })).toMatchObject({
      sent: true,
    });
    expect(requests.map(({ body }) => JSON.parse(body))).toEqual([order(5000), order(10)]);
  });

  it('gives the condition the parsed payload, and sends what was given before', async () => {
    const { client, requests } = scriptedClient([acceptedStep, acceptedStep]);
    const condition = ({ n }: { n: number }) => n === 1;
    await client.sendEventIf({ type: 'a', payloadJson: '{"n":1.0}', condition });
    const payload = { n: 1 };
    await client.sendEventIf({
      type: 'a',
      payload,
      condition: (given) => Boolean(Object.assign(given, { n: 2 })),
    });
    expect(requests.map(({ body }) => body)).toEqual([
      '{"payload":{"n":1.0},"type":"a"}',
      '{"payload":{"n":1},"type":"a"}',
    ]);
  });

  it.each<[string, object, string]>([
    ['no condition', order(1), 'condition: received undefined; expected a function of the payload'],
    ['a forgotten return', { ...order(1), condition: () => undefined }, 'condition: it returned undefined'],
    ['a mistyped condition', { ...order(1), conditon: () => true }, 'did you mean condition?'],
    ['an event that cannot be sent', { type: 'a', payload: 1n, condition: () => false }, 'event.payload'],
  ])('refuses %s', async (_, event, message) => {
    const { client, requests } = scriptedClient([]);
    await expect(client.sendEventIf(event as ConditionalEvent)).rejects.toThrow(message);
    expect(requests).toHaveLength(0);
  });

  it('rejects with what the condition throws', async () => {
    const { client } = scriptedClient([]);
    const failing = () => {
      throw new RangeError('no amount');
    };
    await expect(client.sendEventIf({ ...order(1), condition: failing })).rejects.toThrow(RangeError);
  });
});
