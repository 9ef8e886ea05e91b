import { expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';

// Messages wait in queues while a new release is deployed, for up to 14 days, so that each release has to read what the one
// before wrote. How to change a form on purpose: before the first release change the list below and say so in CHANGELOG.md;
// later raise `v` and read both.

const of = { v: 1, applicationId: 'acme', endpointId: 'ep_1', eventId: 'evt_1' };
const delivery = { ...of, kind: 'delivery', priority: 'high', generation: 1, first: true };

const frozen: readonly Readonly<Record<string, unknown>>[] = [
  delivery,
  {
    ...delivery,
    priority: 'normal',
    event: { type: 'a.b', timestamp: 1, payload: { encoding: 'plain', data: 'e30=' } },
  },
  {
    ...delivery,
    priority: 'low',
    event: { type: 'a.b', timestamp: 1, payload: { encoding: 'deflate', data: 'q6v' }, hops: 2 },
  },
  { v: 1, kind: 'fan-out', applicationId: 'acme', eventId: 'evt_1', segment: 0 },
  { v: 1, kind: 'fan-out', applicationId: 'acme', eventId: 'evt_1', segment: 0, again: 1 },
  { ...of, kind: 'dead-letter', generation: 1, reason: 'exhausted' },
  { v: 1, kind: 'task', taskId: 'tsk_1', step: 1 },
  { v: 1, kind: 'drain', applicationId: 'acme', endpointId: 'ep_1', step: 1 },
];

it.each(frozen)('$kind messages keep their form', (message) => {
  const decoded = decodeMessage(JSON.stringify(message));
  expect(decoded).toEqual(message);
  expect(JSON.parse(encodeMessage(decoded as Message))).toEqual(message);
});

it('there is no kind without a frozen form', () => {
  const kinds: Readonly<Record<Message['kind'], true>> = {
    ...{ delivery: true, 'fan-out': true, 'dead-letter': true, task: true, drain: true },
  };
  expect(new Set(frozen.map(({ kind }) => kind))).toEqual(new Set(Object.keys(kinds)));
});
