import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactBudget } from '#core/rate-limit/rate.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const budget = exactBudget({ perSecond: 100 });
const start = 1_700_000_000_000_000;

describe.each(engines)('the budget of a token in $name', (engine) => {
  const at = deployedOn(engine);
  const take = (events: number, now: number, knownPaidUntil?: number) =>
    at.budgets.take('tok_1', {
      ...{ now, cost: budget.costOf(events), mayOweUntil: budget.mayOweUntil(events, now) },
      ...(knownPaidUntil === undefined ? {} : { knownPaidUntil }),
    });

  it('gives a burst, one event at a time, and then nothing until it is paid', async () => {
    for (let taken = 1; taken <= 5; taken += 1) {
      expect(await take(1, start)).toEqual({ taken: true, paidUntil: start + taken * 10_000 });
    }
    expect(await take(1, start)).toEqual({ taken: false, paidUntil: start + 50_000 });
    expect(await take(1, start + 9_999)).toMatchObject({ taken: false });
    expect(await take(1, start + 10_000)).toEqual({ taken: true, paidUntil: start + 60_000 });
  });

  it('does not save up what was not taken', async () => {
    await take(1, start);
    const hourLater = start + 3_600_000_000;
    expect(await take(5, hourLater)).toEqual({ taken: true, paidUntil: hourLater + 50_000 });
    expect(await take(1, hourLater)).toMatchObject({ taken: false });
  });

  it('gives each event once, however many ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => take(1, start)));
    const taken = answers.filter((answer) => answer.taken);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThanOrEqual(5);
    expect(new Set(taken.map(({ paidUntil }) => paidUntil)).size).toBe(taken.length);
  });

  it('gives a large batch when nothing is owed, and has it paid for afterwards', async () => {
    expect(await take(100, start)).toEqual({ taken: true, paidUntil: start + 1_000_000 });
    expect(await take(100, start + 999_999)).toMatchObject({ taken: false });
    expect(await take(100, start + 1_000_000)).toMatchObject({ taken: true });
  });

  it('is the same whatever the asker knows of it, and of another token is another', async () => {
    let standing = 0;
    const asked = fc.record({
      events: fc.integer({ min: 1, max: 8 }),
      later: fc.integer({ min: 0, max: 60_000 }),
      known: fc.option(fc.integer({ min: -50_000, max: 50_000 }), { nil: undefined }),
    });
    let now = start;
    await fc.assert(
      fc.asyncProperty(asked, async ({ events, later, known }) => {
        now += later;
        const isTaken = standing <= now || standing <= budget.mayOweUntil(events, now);
        if (isTaken) standing = Math.max(standing, now) + budget.costOf(events);
        const answer = await take(events, now, known === undefined ? undefined : now + known);
        expect(answer).toEqual({ taken: isTaken, paidUntil: standing });
      }),
      { numRuns: 60 },
    );
    const other = { now: start, cost: 1, mayOweUntil: start };
    expect(await at.budgets.take('tok_2', other)).toEqual({ taken: true, paidUntil: start + 1 });
  });
});
