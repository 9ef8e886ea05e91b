import { describe, expect, it } from 'vitest';
import { movedTo, noon } from '#test/support/deliveries.ts';
import {
  acknowledged,
  answer,
  attempted,
  dead,
  given,
  held,
  hour,
  messageReceived,
  succeeded,
  unstored,
} from '#test/support/facts.ts';

describe('given a hold without a time', () => {
  const day = 24 * hour;
  it.each(['paused', 'circuit'] as const)('for %s ends it after 14 days, not before', (heldFor) => {
    const waiting = movedTo(unstored, { status: 'held', heldFor, since: noon - 14 * day });
    expect(given(waiting).when({ kind: 'hold_expired' }, noon - 1)).toEqual(acknowledged);
    expect(given(waiting).when({ kind: 'hold_expired' })).toEqual({
      store: movedTo(waiting, { status: 'cancelled', settledAt: noon, reason: 'expired' }),
      ...acknowledged,
    });
  });

  it('leaves one that waits for its time', () => {
    const scheduled = movedTo(unstored, {
      status: 'held',
      heldFor: 'scheduled',
      since: noon - 29 * day,
      dueAt: noon + day,
    });
    expect(given(scheduled).when({ kind: 'hold_expired' })).toEqual(acknowledged);
  });
});

describe('given a held delivery', () => {
  it('when a message comes, stays held: its release sends another one', () => {
    expect(given(held).when(messageReceived())).toEqual(acknowledged);
    expect(given(held).when({ kind: 'superseded' })).toEqual(acknowledged);
  });

  it('when released early, is queued for its time', () => {
    expect(given(held).when({ kind: 'released' })).toEqual({
      store: movedTo(held, { status: 'queued', dueAt: noon + hour }),
      commands: [{ kind: 'wake', delay: hour }],
      next: { kind: 'acknowledge' },
    });
  });

  it('when released late, is queued at once', () => {
    const { store, commands } = given(held).when({ kind: 'released' }, noon + 2 * hour);
    expect(store?.state).toEqual({ status: 'queued', dueAt: noon + 2 * hour });
    expect(commands).toEqual([{ kind: 'wake', delay: 0 }]);
  });

  it('when its event is gone, is cancelled', () => {
    expect(given(held).when({ kind: 'event_missing' }).store?.state).toEqual({
      status: 'cancelled',
      settledAt: noon,
      reason: 'event_deleted',
    });
  });
});

describe('given a settled delivery', () => {
  it('when woken, acknowledges', () => {
    expect(given(succeeded).when(messageReceived())).toEqual(acknowledged);
    expect(given(succeeded).when({ kind: 'released' })).toEqual(acknowledged);
    expect(given(succeeded).when({ kind: 'event_missing' })).toEqual(acknowledged);
  });

  it('that is dead, when woken, sends its dead letter again: the crash may have come before it', () => {
    expect(given(dead).when(messageReceived())).toEqual({
      commands: [{ kind: 'dead-letter', generation: 1, reason: 'refused' }],
      next: { kind: 'acknowledge' },
    });
  });

  it('when a late attempt succeeds after all, has succeeded', () => {
    expect(given(dead).when(attempted(answer(200))).store).toMatchObject({
      revision: dead.revision + 1,
      state: { status: 'succeeded', settledAt: noon },
    });
    expect(given(succeeded).when(attempted(answer(200)))).toEqual(acknowledged);
  });
});
