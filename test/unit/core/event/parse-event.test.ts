import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBatch, parseEvent } from '#core/event/parse-event.ts';
import { Problem } from '#core/problem/problem.ts';

function refusal(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const event = (change: object = {}) =>
  JSON.stringify({ type: 'order.created', payload: { a: 1 }, ...change });

describe('parseEvent', () => {
  it('reads everything an event may say', () => {
    const json = event({
      source: 'ecommerce-app',
      options: { priority: 'high', delay: 5, tags: ['urgent'] },
    });
    expect(parseEvent(json)).toEqual({
      type: 'order.created',
      source: 'ecommerce-app',
      priority: 'high',
      delay: 5,
      tags: ['urgent'],
      payload: '{"a":1}',
    });
  });

  it.each([
    {},
    { source: null, options: null },
    { options: {} },
    { options: { priority: null, delay: null, tags: null } },
  ])('takes what may be left out as left out, or null: %j', (change) => {
    expect(parseEvent(event(change))).toEqual({
      type: 'order.created',
      delay: 0,
      tags: [],
      payload: '{"a":1}',
    });
  });

  it('keeps the bytes of any payload, wherever it stands', () => {
    const blanks = fc.constantFrom('', ' ', '\n\t ');
    const raw = fc.oneof(
      fc.json(),
      fc.constantFrom(
        '12345678901234567890',
        '1.0',
        '-0',
        '1e400',
        '{"a":1,"a":2}',
        '{ "2":0, "1":0 }',
        '"\\ud800\\uFFFF"',
        '"\uffff"',
        '[ ]',
        'null',
      ),
    );
    fc.assert(
      fc.property(raw, blanks, fc.boolean(), (payload, blank, first) => {
        const [head, tail] = first ? ['', ',"type":"a"'] : ['"type":"a",', ''];
        const json = `${blank}{${head}"pay\\u006coad"${blank}:${blank}${payload}${blank}${tail}}${blank}`;
        expect(parseEvent(json).payload).toBe(payload);
      }),
    );
  });

  it.each([
    ['{}', 'type'],
    ['{"type":"a"}', 'payload'],
    ['[]', ''],
    ['"x"', ''],
    ['null', ''],
    [event({ type: 5 }), 'type'],
    [event({ type: 'a..b' }), 'type'],
    [event({ type: 'order.*' }), 'type'],
    [event({ type: 'x'.repeat(129) }), 'type'],
    [event({ source: '' }), 'source'],
    [event({ source: 'x'.repeat(129) }), 'source'],
    [event({ source: 'a\nb' }), 'source'],
    [event({ options: [] }), 'options'],
    [event({ options: { priority: 'urgent' } }), 'options.priority'],
    [event({ options: { delay: -1 } }), 'options.delay'],
    [event({ options: { delay: 1.5 } }), 'options.delay'],
    [event({ options: { delay: '5' } }), 'options.delay'],
    [event({ options: { delay: 30 * 24 * 3_600_000 + 1 } }), 'options.delay'],
    [event({ options: { tags: 'urgent' } }), 'options.tags'],
    [event({ options: { tags: Array(21).fill('a') } }), 'options.tags'],
    [event({ options: { tags: ['a', ''] } }), 'options.tags[1]'],
    [event({ options: { tags: ['x'.repeat(65)] } }), 'options.tags[0]'],
    [event({ options: { tags: ['\ud800'] } }), 'options.tags[0]'],
    [event({ options: { tag: 'a' } }), 'options.tag'],
    [event({ id: 'evt_mine' }), 'id'],
    ['{"type":"a","payload":1,"__proto__":{"type":"b"}}', '__proto__'],
    ['{"type":"a","payload":1,"constructor":1}', 'constructor'],
    ['{"type":"a","payload":1,"payload":2}', 'payload'],
    ['{"type":"a","t\\u0079pe":"b","payload":1}', 'type'],
  ])('refuses %.60s and blames the field', (json, field) => {
    expect(refusal(() => parseEvent(json))).toMatchObject({ status: 400, code: 'validation_failed', field });
  });

  it('says of a payload that is missing that it may be anything', () => {
    const { errors = [] } = refusal(() => parseEvent('{"type":5}'));
    expect(errors.map(({ field }) => field)).toEqual(['type', 'payload']);
    expect(refusal(() => parseEvent('{"type":"a.b"}')).detail).toBe(
      'payload: is required; accepted: any JSON value',
    );
  });

  it('counts the payload in bytes as it was written', () => {
    const fits = `"${'ü'.repeat((256 * 1024 - 2) / 2)}"`;
    expect(parseEvent(`{"type":"a","payload":${fits}}`).payload).toBe(fits);
    const problem = refusal(() => parseEvent(`{"type":"a","payload":${fits.replace('"', '"x')}}`));
    expect(problem).toMatchObject({ status: 413, code: 'payload_too_large', field: 'payload' });
  });

  it('does not slow down with many fields', () => {
    const many = `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":0`)}}`;
    expect(refusal(() => parseEvent(many)).errors).toHaveLength(20);
  });
});

describe('a body that is not JSON', () => {
  it.each(['{"type":"a","payload":{"a":1}', '{"type":"a","payload":01}', '{"type":"a","payload":1} x'])(
    '%s is refused as a whole',
    (text) => {
      expect(refusal(() => parseEvent(text))).toMatchObject({ status: 400, code: 'invalid_json' });
      expect(refusal(() => parseBatch(`{"events":[${event()},${text}]}`))).toMatchObject({
        code: 'invalid_json',
      });
    },
  );
});

describe('parseBatch', () => {
  it('gives each event its own result, in order', () => {
    const items = parseBatch(`{"events":[${event()}, {"type":5}, 7, ${event({ type: 'b' })}]}`);
    expect(items.map((item) => (item.ok ? item.event.type : item.problem.field))).toEqual([
      'order.created',
      'events[1].type',
      'events[2]',
      'b',
    ]);
  });

  it('takes 64 levels in each event, and says of which event it is more', () => {
    const nested = (levels: number) => `{"type":"a","payload":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const items = parseBatch(`{"events":[${nested(63)}, ${nested(64)}, ${nested(500)}, ${nested(1)}]}`);
    expect(items.map((item) => item.ok || [item.problem.code, item.problem.field])).toEqual([
      true,
      ['json_too_deep', 'events[1]'],
      ['json_too_deep', 'events[2]'],
      true,
    ]);
  });

  it('keeps the bytes of every payload', () => {
    const payloads = ['1.0', '{"a":1, "a":2}', '"\\u0041"'];
    const json = `{ "events" : [ ${payloads.map((payload) => `{"payload": ${payload} ,"type":"a"}`).join(' , ')} ] }`;
    expect(parseBatch(json).map((item) => item.ok && item.event.payload)).toEqual(payloads);
  });

  it.each([
    ['[]', ''],
    ['{}', 'events'],
    ['{"events":{}}', 'events'],
    ['{"events":null}', 'events'],
    ['{"events":[]}', 'events'],
    [`{"events":[${Array(101).fill('{}')}]}`, 'events'],
    ['{"events":[{}],"extra":1}', 'extra'],
    ['{"events":[{}],"events":[{}]}', 'events'],
  ])('refuses %.40s', (json, field) => {
    expect(refusal(() => parseBatch(json))).toMatchObject({ status: 400, code: 'validation_failed', field });
  });
});
