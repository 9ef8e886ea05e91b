import { describe, expect, it } from 'vitest';
import type { Circuit } from '#core/circuit/circuit.ts';
import { apiStatus } from '#core/delivery/api-status.ts';
import type { HeldFor } from '#core/delivery/delivery.ts';
import { toApi, toDeadLetter, undeliveredView } from '#core/delivery/delivery-view.ts';
import { deliveryId } from '#core/id/ids.ts';
import { attemptOf, deliveryOf, eventOf, movedTo, noon } from '#test/support/deliveries.ts';

const iso = (time: number) => new Date(time).toISOString();

describe('apiStatus', () => {
  const queued = { status: 'queued', dueAt: noon } as const;
  const attempting = { status: 'attempting', claimId: 'c', until: noon } as const;

  it.each([
    [queued, 0, 'queued'],
    [queued, 1, 'retrying'],
    [attempting, 0, 'queued'],
    [attempting, 2, 'retrying'],
    [{ status: 'held', heldFor: 'backoff', since: noon } as const, 1, 'held'],
    [{ status: 'succeeded', settledAt: noon } as const, 1, 'succeeded'],
    [{ status: 'dead', settledAt: noon, reason: 'exhausted' } as const, 3, 'dead'],
    [{ status: 'cancelled', settledAt: noon, reason: 'expired' } as const, 0, 'cancelled'],
  ])('calls %j after %i attempts %s', (state, attemptCount, expected) => {
    expect(apiStatus({ state, attemptCount })).toBe(expected);
  });
});

describe('a delivery in the API', () => {
  it('has ISO times and its attempts', () => {
    const delivery = movedTo(
      deliveryOf(),
      { status: 'queued', dueAt: noon + 5_000 },
      {
        attemptCount: 1,
        attempts: [
          attemptOf({ success: false, retryable: true, statusCode: 503, nextAttemptAt: noon + 5_000 }),
        ],
      },
    );
    expect(toApi(delivery, noon)).toEqual({
      id: deliveryId(delivery.endpointId, delivery.eventId),
      eventId: delivery.eventId,
      endpointId: delivery.endpointId,
      status: 'retrying',
      generation: 1,
      createdAt: iso(noon),
      nextAttempt: 2,
      nextAttemptAt: iso(noon + 5_000),
      attempts: [
        {
          number: 1,
          generation: 1,
          startedAt: iso(noon),
          duration: 103,
          success: false,
          statusCode: 503,
          responseHeaders: { 'content-type': 'application/json' },
          responseBody: '{"received":true}',
          retryable: true,
          nextAttemptAt: iso(noon + 5_000),
        },
      ],
    });
  });

  const held = (heldFor: HeldFor, dueAt?: number) =>
    movedTo(deliveryOf({ generation: 2, attemptCount: 3 }), {
      status: 'held',
      heldFor,
      since: noon - 1,
      ...(dueAt === undefined ? {} : { dueAt }),
    });
  const inLine = (dueAt: number) =>
    movedTo(deliveryOf({ generation: 2, attemptCount: 3 }), {
      status: 'queued',
      dueAt,
      slot: { perSecond: 5, lost: 0, since: noon - 1 },
    });
  const open: Circuit = {
    ...{
      state: 'open',
      revision: 1,
      epoch: 0,
      since: noon - 9,
      failures: 5,
      failingSince: noon - 99,
      reopenings: 0,
    },
    until: noon + 60_000,
  };

  it.each([
    ['a backoff', held('backoff', noon + 1), undefined, noon + 1],
    ['a delay', held('scheduled', noon + 1), undefined, noon + 1],
    ['an open circuit', held('circuit'), open, noon + 60_000],
    ['an open circuit and longer by its backoff', held('circuit', noon + 90_000), open, noon + 90_000],
    ['a half-open circuit', held('circuit', noon - 5), { ...open, until: noon }, undefined],
    ['a pause', held('paused'), open, undefined],
    ['a rate limit, in a queue', inLine(noon + 3), undefined, noon + 3],
    ['a rate limit, in the table', held('rate_limit', noon + 90_000), undefined, noon + 90_000],
    ['a pause, and was due since', held('paused', noon - 5), undefined, undefined],
  ])('that is held by %s says since when, which attempt comes next and when if that is known', (...row) => {
    const [, delivery, circuit, nextAttemptAt] = row;
    const view = toApi(delivery, noon, circuit);
    expect(view).toMatchObject({ status: 'held', heldSince: iso(noon - 1), generation: 2, nextAttempt: 4 });
    expect(view.nextAttemptAt).toBe(nextAttemptAt === undefined ? undefined : iso(nextAttemptAt));
  });

  it('says when and why it was settled', () => {
    const cancelled = movedTo(deliveryOf(), {
      status: 'cancelled',
      settledAt: noon + 9,
      reason: 'endpoint_deleted',
    });
    const view = toApi(cancelled, noon);
    expect(view).toMatchObject({
      status: 'cancelled',
      reason: 'endpoint_deleted',
      settledAt: iso(noon + 9),
    });
    expect(view.nextAttempt).toBeUndefined();
  });
});

describe('a dead letter', () => {
  const dead = (change: Parameters<typeof attemptOf>[0], attemptCount: number) =>
    movedTo(
      deliveryOf(),
      { status: 'dead', settledAt: noon + 9, reason: 'exhausted' },
      { attemptCount, attempts: [attemptOf({ ...change, success: false })] },
    );

  it('says what the last attempt met and how often it was tried again', () => {
    expect(toDeadLetter(dead({ statusCode: 500 }, 3), noon)).toMatchObject({
      status: 'dead',
      reason: 'exhausted',
      finalError: 'HTTP 500',
      retryCount: 2,
      timestamp: iso(noon + 9),
    });
    const refused = dead({ statusCode: undefined, errorClass: 'connect', error: 'connect ECONNREFUSED' }, 1);
    expect(toDeadLetter(refused, noon)).toMatchObject({ finalError: 'connect ECONNREFUSED', retryCount: 0 });
  });

  it('without any attempt gives its reason', () => {
    const internal = movedTo(deliveryOf(), { status: 'dead', settledAt: noon, reason: 'internal' });
    expect(toDeadLetter(internal, noon)).toMatchObject({ finalError: 'internal', retryCount: 0 });
  });

  it('is only what is dead', () => {
    expect(toDeadLetter(deliveryOf(), noon)).toBeUndefined();
  });
});

describe('a delivery that has no item', () => {
  it('is queued', () => {
    const event = eventOf();
    const { endpointId } = deliveryOf();
    expect(undeliveredView(event, endpointId, noon)).toEqual({
      id: deliveryId(endpointId, event.id),
      eventId: event.id,
      endpointId,
      status: 'queued',
      generation: 1,
      attempts: [],
      createdAt: iso(noon),
      nextAttempt: 1,
      nextAttemptAt: iso(noon),
    });
  });

  it('is held while its event is delayed', () => {
    const event = eventOf({ deliverAt: noon + 60_000 });
    expect(undeliveredView(event, 'ep_1', noon + 59_999)).toMatchObject({
      status: 'held',
      heldFor: 'scheduled',
      heldSince: iso(noon),
      nextAttemptAt: iso(noon + 60_000),
    });
    expect(undeliveredView(event, 'ep_1', noon + 60_000)).toMatchObject({ status: 'queued' });
  });
});
