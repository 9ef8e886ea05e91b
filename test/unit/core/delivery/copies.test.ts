import { describe, expect, it } from 'vitest';
import { movedTo, noon } from '#test/support/deliveries.ts';
import {
  acknowledged,
  answer,
  attempted,
  attempting,
  given,
  noAnswer,
  queued,
  unstored,
} from '#test/support/facts.ts';

// A first attempt makes its request before it reads the item. So its outcome may find what a copy of its message made.

describe('given a failed first attempt, and a copy of its message that', () => {
  const refused = attempted(answer(503, 20_000));

  it('failed as well: both are attempts, and the longer wait counts', () => {
    const failed = { ...movedTo(queued, { status: 'queued', dueAt: noon + 30_000 }), attemptCount: 1 };
    for (const fact of [refused, attempted(noAnswer)]) {
      expect(given(failed).when(fact)).toMatchObject({
        store: { attemptCount: 2, state: { status: 'queued', dueAt: noon + 30_000 } },
        next: { kind: 'requeue', until: noon + 30_000 },
      });
    }
    const waitsLess = movedTo(failed, { status: 'queued', dueAt: noon + 1_000 });
    expect(given(waitsLess).when(refused).store?.state).toMatchObject({ dueAt: noon + 20_000 });
  });

  it('is held, because the queue did not say that it took the first one', () => {
    const since = noon - 1_000;
    const held = movedTo(unstored, { status: 'held', heldFor: 'scheduled', since, dueAt: since });
    expect(given(held).when(refused)).toMatchObject({
      store: { attemptCount: 1, state: { status: 'queued', dueAt: noon + 20_000 } },
      next: { kind: 'requeue', until: noon + 20_000 },
    });
  });

  it('is being attempted: the request is recorded, and the other one decides', () => {
    const { store, ...rest } = given(attempting).when(refused);
    expect(store).toMatchObject({
      attemptCount: 1,
      attempts: [{ statusCode: 503 }],
      state: attempting.state,
    });
    expect(rest).toEqual({ commands: [], next: { kind: 'requeue', until: noon + 10_000 } });
    const last = given({ ...attempting, attemptCount: 5 }).when(refused).store;
    expect(last).toMatchObject({ attemptCount: 6, state: attempting.state });
  });

  it('crashed while it was attempted: nothing else will decide', () => {
    const crashed = movedTo(unstored, { status: 'attempting', claimId: 'theirs', until: noon });
    expect(given(crashed).when(refused).store?.state).toMatchObject({ status: 'queued' });
  });

  it('recorded this failure already: the answer of the table was lost', () => {
    const { store = queued } = given(unstored).when(refused);
    const held = movedTo(store, { status: 'held', heldFor: 'paused', since: noon });
    expect(given(held).when(refused)).toEqual(acknowledged);
  });

  it('was started again since: the failure is of another generation', () => {
    expect(given({ ...queued, generation: 2 }).when(refused)).toEqual(acknowledged);
  });
});
