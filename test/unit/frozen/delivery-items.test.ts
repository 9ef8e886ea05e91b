import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { packAttempts, unpackAttempts } from '#adapters/dynamodb/delivery/attempts-blob.ts';
import { decodeDelivery, encodeDelivery } from '#adapters/dynamodb/delivery/delivery-item.ts';
import type { Attempt, Delivery, DeliveryState } from '#core/delivery/delivery.ts';

// What each short attribute of a delivery's item means, and under which key of the index each state is found. Deployments
// have items in this form. How to change one on purpose: before the first release change the list below and say so in
// CHANGELOG.md; later raise `v` and read both. test/contract/dynamodb has the attributes of all other items.

const delivery: Omit<Delivery, 'state'> = {
  ...{ applicationId: 'acme', endpointId: 'ep_1', eventId: 'evt_1', priority: 'high' },
  ...{ generation: 2, attemptCount: 3, createdAt: 4, revision: 5, attempts: [], hops: 6 },
};
const stored = {
  pk: 'ENDPOINT#ep_1#1',
  sk: 'evt_1',
  v: 1,
  a: 'acme',
  p: 'high',
  g: 2,
  n: 3,
  c: 4,
  r: 5,
  o: 6,
};

const slot = { perSecond: 7, lost: 8, since: 9 };
const storedSlot = { l: 7, m: 8, f: 9 };
const watched = { attentionKey: 'DUE#8', attentionAt: 900_006 };
const due = { attentionKey: 'DUE#8', attentionAt: 7 };
const byCause = { attentionKey: 'HELD#ep_1#8', attentionAt: 4 };
const dead = { attentionKey: 'DEAD#acme#8', attentionAt: 1_000 };
const settled = { s: 1_000, ttl: 86_401 };

const frozen: readonly (readonly [DeliveryState, object])[] = [
  [
    { status: 'queued', dueAt: 6 },
    { d: 6, ...watched },
  ],
  [
    { status: 'queued', dueAt: 6, slot },
    { d: 6, ...storedSlot, ...watched },
  ],
  [
    { status: 'queued', dueAt: 6, restarted: true },
    { d: 6, b: 1, attentionKey: 'DUE#8', attentionAt: 150_006 },
  ],
  [
    { status: 'queued', dueAt: 6, isProbe: true },
    { d: 6, i: 1, ...watched },
  ],
  [
    { status: 'attempting', claimId: 'claim', until: 6 },
    { k: 'claim', u: 6, ...watched },
  ],
  ...(['backoff', 'rate_limit', 'scheduled'] as const).map(
    (heldFor) =>
      [
        { status: 'held', heldFor, since: 6, dueAt: 7 },
        { h: heldFor, s: 6, d: 7, ...due },
      ] as const,
  ),
  ...(['circuit', 'paused'] as const).map(
    (heldFor) =>
      [
        { status: 'held', heldFor, since: 6 },
        { h: heldFor, s: 6, ...byCause },
      ] as const,
  ),
  [{ status: 'succeeded', settledAt: 1_000 }, settled],
  ...(['exhausted', 'refused', 'gone', 'forbidden_target', 'internal'] as const).map(
    (reason) =>
      [
        { status: 'dead', settledAt: 1_000, reason },
        { w: reason, ...settled, ...dead },
      ] as const,
  ),
  ...(['endpoint_disabled', 'endpoint_deleted', 'event_deleted', 'expired'] as const).map(
    (reason) =>
      [
        { status: 'cancelled', settledAt: 1_000, reason },
        { w: reason, ...settled },
      ] as const,
  ),
];

describe('the item of a delivery keeps its form', () => {
  it.each(frozen)('%j', (state, attributes) => {
    const item = { ...stored, status: state.status, ...attributes };
    expect(unmarshall(encodeDelivery({ ...delivery, state }, 1))).toEqual(item);
    expect(decodeDelivery(marshall(item)).content).toEqual({ ...delivery, state });
  });

  it('with its earlier generations', () => {
    const earlier = [{ generation: 1, death: { reason: 'gone', at: 6 }, taskId: 'tsk_1' } as const];
    const state = { status: 'succeeded', settledAt: 1_000 } as const;
    const item = { ...stored, status: state.status, ...settled, e: [{ g: 1, w: 'gone', s: 6, t: 'tsk_1' }] };
    expect(unmarshall(encodeDelivery({ ...delivery, earlier, state }, 1))).toEqual(item);
    expect(decodeDelivery(marshall(item)).content).toEqual({ ...delivery, earlier, state });
  });

  it('with its attempts, which are packed', () => {
    const attempt: Required<Attempt> = {
      ...{ number: 1, generation: 2, startedAt: 3, duration: 4, success: false, statusCode: 500 },
      ...{ responseHeaders: { a: 'b' }, responseBody: 'c', errorClass: 'timeout', error: 'd' },
      ...{ retryable: true, nextAttemptAt: 5 },
    };
    const packed =
      'RY69CsJAEITfZeor4k+a7aKN7yAWl9wogeQu7O6BQXx3iSC28803zPWFXOeeCtkFPJip0ceSIfsA86jO1DnkEJDqDx0DrA4DzSD3OBm/Va92LomQtmkC' +
      'lLaUbLwwJqpBXogQ9Hj/2amkFYIBAVQtep7iNgkfZ5bqvxiChM1yXWM/EeJaGZD59M6d8+LbxfZ9+wA=';
    expect(unpackAttempts(Buffer.from(packed, 'base64'))).toEqual([attempt]);
    expect(unpackAttempts(packAttempts([attempt]))).toEqual([attempt]);
  });
});
