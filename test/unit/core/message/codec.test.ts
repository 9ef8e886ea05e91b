import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack } from '#core/event/compression.ts';
import { carryEvent, carryPayload, decodeMessage, encodeMessage, openPayload } from '#core/message/codec.ts';
import type { DeliveryMessage, Message } from '#core/message/message.ts';

const chunk = 64 * 1024;

const wakeUp: DeliveryMessage = {
  v: 1,
  kind: 'delivery',
  applicationId: 'default',
  endpointId: 'ep_1',
  eventId: 'evt_1',
  priority: 'high',
  generation: 1,
  first: true,
};
const segment: Message = { v: 1, kind: 'fan-out', applicationId: 'default', eventId: 'evt_1', segment: 3 };
const deadLetter: Message = {
  v: 1,
  kind: 'dead-letter',
  applicationId: 'default',
  endpointId: 'ep_1',
  eventId: 'evt_1',
  generation: 2,
  reason: 'exhausted',
};

const task: Message = { v: 1, kind: 'task', taskId: 'tsk_1', step: 4 };
const drain: Message = { v: 1, kind: 'drain', applicationId: 'default', endpointId: 'ep_1', step: 2 };

const carrying = (payload: Uint8Array): DeliveryMessage => {
  const event = carryEvent({ type: 'order.created', timestamp: 5, payload: pack(payload) });
  return event ? { ...wakeUp, event } : wakeUp;
};

describe('messages', () => {
  it.each([
    wakeUp,
    carrying(Buffer.from('{"a":1}')),
    segment,
    { ...segment, again: 2 },
    deadLetter,
    task,
    drain,
  ])('come back as they went: %j', (message) => {
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  });

  it('are ASCII, whatever they hold, since SQS refuses some characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (reason) => {
        const text = encodeMessage({ ...deadLetter, reason: `${reason}\uffff\ufffe` });
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeMessage(text)).toEqual({ ...deadLetter, reason: `${reason}\uffff\ufffe` });
      }),
    );
  });

  it('stay within one billing chunk: a payload that would not fit is left to the table', () => {
    const fits = encodeMessage(carrying(randomBytes(48_000)));
    expect(decodeMessage(fits)).toHaveProperty('event');
    expect(fits.length).toBeLessThanOrEqual(chunk);
    for (const size of [49_100, 49_152, 49_153, 256 * 1024]) {
      const message = carrying(randomBytes(size));
      const text = encodeMessage(message);
      expect(text.length).toBeLessThanOrEqual(chunk);
      expect(decodeMessage(text)).toEqual(wakeUp);
    }
  });

  it('of a later release are not malformed', () => {
    expect(decodeMessage('{"v":2,"kind":"whatever"}')).toEqual({ kind: 'unknown-version', version: 2 });
  });

  it.each([
    ['', /not JSON/],
    ['{"v":1,"kind":', /not JSON/],
    ['[]', /no version in an array/],
    ['null', /no version in null/],
    ['{"kind":"delivery"}', /no version/],
    ['{"v":1.5}', /no version/],
    ['{"v":1}', /kind/],
    ['{"v":1,"kind":"postcard"}', /kind/],
    [JSON.stringify({ ...wakeUp, eventId: 7 }), /eventId/],
    [JSON.stringify({ ...wakeUp, priority: 'urgent' }), /priority/],
    [JSON.stringify({ ...wakeUp, event: { type: 'a' } }), /event\./],
  ])('that are broken say why: %s', (body, reason) => {
    expect(decodeMessage(body)).toEqual({ kind: 'malformed', reason: expect.stringMatching(reason) });
  });

  it('never make the decoder throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((v) => `{"v":1,"kind":${v}}`),
        ),
        (body) => {
          expect(decodeMessage(body)).toHaveProperty('kind');
        },
      ),
    );
  });

  it('may hold members that this release does not know', () => {
    expect(decodeMessage(JSON.stringify({ ...wakeUp, mood: 'good' }))).toEqual(wakeUp);
  });
});

const anyPayload = fc.oneof(
  fc.uint8Array({ maxLength: 3_000, size: 'max' }),
  fc.json().map((text) => new Uint8Array(Buffer.from(text.repeat(200)))),
);

describe('a carried payload', () => {
  it('is opened to exactly the bytes that were carried', () => {
    fc.assert(
      fc.property(anyPayload, (payload) => {
        expect(Buffer.from(openPayload(carryPayload(pack(payload)))).equals(Buffer.from(payload))).toBe(true);
      }),
    );
  });

  it('is compressed only when that is shorter', () => {
    expect(carryPayload(pack(Buffer.from('{"a":1}'))).encoding).toBe('plain');
    expect(carryPayload(pack(randomBytes(10_000))).encoding).toBe('plain');
    const carried = carryPayload(pack(Buffer.from('{"a":"same"}'.repeat(1_000))));
    expect(carried.encoding).toBe('deflate');
    expect(carried.data.length).toBeLessThan(500);
  });

  it('is refused when it is damaged', () => {
    expect(() => openPayload({ encoding: 'deflate', data: 'AAAA' })).toThrow();
  });

  it('that would unfold into far more than any payload is refused', () => {
    const bomb = carryPayload(pack(Buffer.alloc(64 * 1024 * 1024)));
    expect(bomb.encoding).toBe('deflate');
    expect(() => openPayload(bomb)).toThrow();
  });
});
