import { describe, expect, it } from 'vitest';
import { defaultLimits } from '#core/application/limits.ts';
import { Problem } from '#core/problem/problem.ts';
import { eventRateCap, tokenCap } from '#core/rate-limit/caps.ts';
import { type Cap, createRateLimiter } from '#core/rate-limit/limiter.ts';
import { createTables } from '#test/support/memory/tables.ts';
import { memoryTokenBudgets } from '#test/support/memory/token-budgets.ts';
import { VirtualClock } from './plant/clock.ts';
import { seeded } from './plant/ids.ts';

const start = 1_700_000_000_000;
const second = 1_000;
const settled = 2 * second;
const lasts = 6 * second;
const answerTime = 3;
const workTime = 10;

function capOf(perSecond: number): Cap {
  const cap = tokenCap({ id: 'tok_1', rateLimit: { perSecond } });
  if (cap === undefined) throw new Error('a token with a rate has a cap');
  return cap;
}

/**
 * Single events of one token that come by chance, each to a function that is idle, as Lambda has it; and one budget,
 * which takes a moment to answer. What happens in a second, after the first two.
 */
async function crowd(options: {
  readonly perSecond: number;
  readonly functions: number;
  readonly offered: number;
  /** @default - that of a token with the rate */
  readonly cap?: Cap;
}): Promise<{ readonly admitted: number; readonly refused: number; readonly writes: number }> {
  const clock = new VirtualClock(start);
  const random = seeded(7);
  const counts = { admitted: 0, refused: 0, writes: 0 };
  const count = (what: keyof typeof counts, by = 1): void => {
    if (clock.now >= start + settled) counts[what] += by;
  };
  const tables = createTables(() => clock.now);
  const budgets = memoryTokenBudgets(tables);
  const ports = {
    ...{ now: () => clock.now, random, onError: () => undefined },
    sleep: (delay: number) => clock.sleep(delay),
    take: async (tokenId: string, taking: Parameters<typeof budgets.take>[1]) => {
      await clock.sleep(answerTime);
      const { now, knownPaidUntil = now } = taking;
      const standing = tables.budgets.get(tokenId) ?? 0;
      // The store writes by one of two conditions, and by the other as well when it guessed wrong.
      count('writes', standing > now === knownPaidUntil > now ? 1 : 2);
      return budgets.take(tokenId, taking);
    },
  };
  const idle = Array.from({ length: options.functions }, () => createRateLimiter(ports));
  const cap = options.cap ?? capOf(options.perSecond);
  const post = async (): Promise<void> => {
    const [limiter] = idle.splice(Math.floor(random() * idle.length), 1);
    if (limiter === undefined) return;
    try {
      await limiter.take(cap, 1);
      count('admitted');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      count('refused');
    }
    await clock.sleep(workTime);
    idle.push(limiter);
  };
  const pause = (): number => (-Math.log(1 - random()) * second) / options.offered;
  for (let at = pause(); at < lasts; at += pause()) clock.after(at, () => void post());
  await clock.run(start + lasts);
  const seconds = (lasts - settled) / second;
  return {
    admitted: counts.admitted / seconds,
    refused: counts.refused / seconds,
    writes: counts.writes / seconds,
  };
}

describe('a rate that many functions share', () => {
  const shared = { perSecond: 1_000, functions: 40 };

  // An item bears a thousand write units a second.
  it.each([
    [1_000, 550],
    [1_500, 800],
    [3_000, 900],
  ])(
    'is given whole and no more when %i events a second come, for at most %i writes a second',
    async (offered, most) => {
      const { admitted, writes } = await crowd({ ...shared, offered });
      expect(admitted).toBeGreaterThan(0.95 * shared.perSecond);
      expect(admitted).toBeLessThan(1.05 * shared.perSecond);
      expect(writes).toBeLessThanOrEqual(most);
    },
  );

  it('refuses next to nothing while less comes, and costs a third of a write for an event', async () => {
    const { admitted, refused, writes } = await crowd({ ...shared, offered: 700 });
    expect(refused).toBeLessThan(0.01 * admitted);
    expect(writes).toBeLessThan(0.36 * admitted);
  });
});

describe('the rate of an application that many functions share', () => {
  const shared = { perSecond: 1_000, functions: 40, cap: eventRateCap('acme', defaultLimits) };

  it.each([700, 100])(
    'refuses none of %i events a second, and costs at most a tenth of a write for each',
    async (offered) => {
      const { refused, writes, admitted } = await crowd({ ...shared, offered });
      expect(admitted).toBeGreaterThan(0);
      expect(refused).toBe(0);
      expect(writes).toBeLessThanOrEqual(0.1 * admitted);
    },
  );

  it('passes the rate, and a burst of two seconds once, when three times as much comes', async () => {
    const { admitted, writes } = await crowd({ ...shared, offered: 3_000 });
    expect(admitted).toBeGreaterThan(0.9 * shared.perSecond);
    expect(admitted).toBeLessThan(shared.perSecond + (2 * shared.perSecond) / 4);
    expect(writes).toBeLessThanOrEqual(900);
  });

  it('lets a hundred functions post that start at the same moment', async () => {
    const tables = createTables(() => start);
    const budgets = memoryTokenBudgets(tables);
    const ports = { now: () => start, random: () => 0.5, sleep: async () => undefined };
    const onError = (error: unknown) => {
      throw error;
    };
    const functions = Array.from({ length: 100 }, () =>
      createRateLimiter({ ...ports, take: budgets.take, onError }),
    );
    await Promise.all(functions.map((limiter) => limiter.take(shared.cap, 1)));
    expect(tables.budgets.size).toBe(1);
  });
});
