import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  decodeEvent,
  decodeSegment,
  decodeTombstone,
  encodeEvent,
  encodeSegments,
  encodeTombstone,
} from '#adapters/dynamodb/event/event-item.ts';
import { decodeKey, encodeKey } from '#adapters/dynamodb/idempotency/idempotency-item.ts';
import { decodeRollup, encodeRollup } from '#adapters/dynamodb/statistics/statistics-item.ts';
import { pack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import type { Counters } from '#core/statistics/counters.ts';

// What each short attribute of the items of events, idempotency keys and statistics means. Deployments have items in this
// form. How to change one on purpose: before the first release change the literals below and say so in CHANGELOG.md; later
// raise `v` and read both. test/contract/dynamodb has the attributes of all other items.

const event: Required<StoredEvent> = {
  ...{ id: 'evt_1', applicationId: 'acme', type: 'order.created', source: 'shop', tags: ['a', 'b'] },
  ...{ timestamp: 1_000, deliverAt: 2_000, payload: pack(Buffer.from('{}')), endpointCount: 3, hops: 4 },
  endpoints: [
    { endpointId: 'ep_1', priority: 'high' },
    { endpointId: 'ep_2', priority: 'normal' },
    { endpointId: 'ep_3', priority: 'low' },
  ],
};
const matched = 'hep_1 nep_2 lep_3';
const bytes = (text: string) => Buffer.from(text);

describe('the items of an event keep their form', () => {
  const key = { pk: 'APP#acme#5', sk: 'evt_1', v: 1 };

  it('while it is there', () => {
    const item = {
      ...{ ...key, ttl: 1_900_802, t: 'order.created', s: 'shop', g: ['a', 'b'], at: 1_000, da: 2_000 },
      ...{ p: bytes('{}'), n: 3, e: matched, h: 4 },
    };
    expect(unmarshall(encodeEvent(event, 1))).toEqual(item);
    expect(decodeEvent('acme', marshall(item)).content).toEqual(event);
  });

  it.each([
    ['deleting', false],
    ['deleted', true],
  ])('while it is %s', (x, isDone) => {
    const { id, endpointCount, endpoints } = event;
    const item = { ...key, ttl: 5, x, n: 3, e: matched };
    expect(unmarshall(encodeTombstone('acme', { id, isDone, endpointCount, endpoints }, 5))).toEqual(item);
    expect(decodeTombstone(marshall(item))?.content).toEqual({ isDone, endpointCount, endpoints });
  });

  it('that hold its segments', () => {
    const item = { pk: 'EVENT#evt_1#1', sk: 'SEGMENTS', v: 1, ttl: 1_900_802, e0: bytes(matched) };
    expect(unmarshall(encodeSegments(event, 10, [event.endpoints], 1))).toEqual(item);
    expect(decodeSegment(marshall(item), 10)?.content).toEqual(event.endpoints);
  });
});

describe('the item of an idempotency key keeps its form', () => {
  const key = { applicationId: 'acme', keyHash: 'key' };
  const stored = { pk: 'IDEMPOTENCY#acme#key', sk: 'KEY', v: 1, ttl: 86_401, r: 2, h: 'request' };
  const used = { revision: 2, requestHash: 'request' };

  it('while its request is in progress', () => {
    const pending = {
      kind: 'pending',
      ...used,
      claimId: 'claim',
      leaseUntil: 3,
      eventIds: ['evt_1', 'evt_2'],
    } as const;
    const item = { ...stored, c: 'claim', l: 3, e: 'evt_1 evt_2' };
    expect(unmarshall(encodeKey(key, pending, 1_000))).toEqual(item);
    expect(decodeKey(marshall(item)).content).toEqual(pending);
  });

  it('after the answer', () => {
    const answered = { kind: 'answered', ...used, answer: '{}' } as const;
    const item = { ...stored, b: bytes('{}') };
    expect(unmarshall(encodeKey(key, answered, 1_000))).toEqual(item);
    expect(decodeKey(marshall(item)).content).toEqual(answered);
  });
});

describe('the items of statistics keep their form', () => {
  const counters: Required<Counters> = {
    ...{ attempts: 1, successes: 2, duration: 3, durations: [4], retries: { 1: 5 }, settled: { gone: 6 } },
    ...{ lastSuccessAt: 7, lastFailureAt: 8, events: 9, eventLabels: { label: 10 }, failing: { ep_1: 11 } },
  };
  const packed = {
    ...{ a: 1, s: 2, m: 3, d: [4], r: { 1: 5 }, o: { gone: 6 } },
    ...{ ls: 7, lf: 8, e: 9, l: { label: 10 }, f: { ep_1: 11 } },
  };
  const rollup = { counters, counted: [['aaaaaa', 'bbbbbb']], updatedAt: 12, revision: 13 };
  const endpoint = { kind: 'endpoint', endpointId: 'ep_1' } as const;
  const application = { kind: 'application', applicationId: 'acme' } as const;

  it.each([
    [
      { subject: endpoint, span: 0 },
      { pk: 'STATS#ENDPOINT#ep_1', sk: 'HOUR#1970-01-01T00', ttl: 90_000 },
    ],
    [
      { subject: endpoint, span: 'total' },
      { pk: 'STATS#ENDPOINT#ep_1', sk: 'TOTAL', ttl: 34_560_001 },
    ],
    [
      { subject: application, span: 'total' },
      { pk: 'STATS#APP#acme', sk: 'TOTAL', ttl: 34_560_001 },
    ],
  ] as const)('%j', (key, stored) => {
    const item = { ...stored, v: 1, k: ['aaaaaabbbbbb'], u: 12, revision: 13 };
    const { c, ...rest } = encodeRollup(key, rollup, 1);
    expect(rest).toEqual(item);
    expect(JSON.parse(c)).toEqual(packed);
    expect(decodeRollup(marshall({ ...item, c: JSON.stringify(packed) })).rollup).toEqual(rollup);
  });
});
