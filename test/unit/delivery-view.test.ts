import { describe, expect, it } from 'vitest';
import { apiStatus, toApi, toDeadLetter, undeliveredView } from '../../lambdas/core/delivery/view.ts';
import { deliveryId } from '../../lambdas/core/ids.ts';
import { attemptOf, deliveryOf, eventOf, movedTo, noon } from '../support/deliveries.ts';

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
    expect(toApi(delivery)).toEqual({
      id: deliveryId(delivery.endpointId, delivery.eventId),
      eventId: delivery.eventId,
      endpointId: delivery.endpointId,
      status: 'retrying',
      generation: 1,
      createdAt: iso(noon),
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

  it('says what holds it, and until when if a time does', () => {
    const held = { status: 'held', since: noon } as const;
    expect(toApi(movedTo(deliveryOf(), { ...held, heldFor: 'backoff', dueAt: noon + 1 }))).toMatchObject({
      status: 'held',
      heldFor: 'backoff',
      nextAttemptAt: iso(noon + 1),
    });
    const paused = toApi(movedTo(deliveryOf(), { ...held, heldFor: 'paused' }));
    expect(paused).toMatchObject({ heldFor: 'paused' });
    expect(paused).not.toHaveProperty('nextAttemptAt');
  });

  it('says when and why it was settled', () => {
    const cancelled = movedTo(deliveryOf(), {
      status: 'cancelled',
      settledAt: noon + 9,
      reason: 'endpoint_deleted',
    });
    expect(toApi(cancelled)).toMatchObject({
      status: 'cancelled',
      reason: 'endpoint_deleted',
      settledAt: iso(noon + 9),
    });
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
    expect(toDeadLetter(dead({ statusCode: 500 }, 3))).toMatchObject({
      status: 'dead',
      reason: 'exhausted',
      finalError: 'HTTP 500',
      retryCount: 2,
      timestamp: iso(noon + 9),
    });
    const refused = dead({ statusCode: undefined, errorClass: 'connect', error: 'connect ECONNREFUSED' }, 1);
    expect(toDeadLetter(refused)).toMatchObject({ finalError: 'connect ECONNREFUSED', retryCount: 0 });
  });

  it('without any attempt gives its reason', () => {
    const internal = movedTo(deliveryOf(), { status: 'dead', settledAt: noon, reason: 'internal' });
    expect(toDeadLetter(internal)).toMatchObject({ finalError: 'internal', retryCount: 0 });
  });

  it('is only what is dead', () => {
    expect(toDeadLetter(deliveryOf())).toBeUndefined();
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
      nextAttemptAt: iso(noon),
    });
  });

  it('is held while its event is delayed', () => {
    const event = eventOf({ deliverAt: noon + 60_000 });
    expect(undeliveredView(event, 'ep_1', noon + 59_999)).toMatchObject({
      status: 'held',
      heldFor: 'scheduled',
      nextAttemptAt: iso(noon + 60_000),
    });
    expect(undeliveredView(event, 'ep_1', noon + 60_000)).toMatchObject({ status: 'queued' });
  });
});
