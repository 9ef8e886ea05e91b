import { describe, expect, it } from 'vitest';
import { defaultLimits } from '#core/application/limits.ts';
import { createRateLimiter } from '#core/rate-limit/limiter.ts';
import { createApplicationLimits } from '#lambdas/ingest/application-limits.ts';
import { createPostingLimiter } from '#lambdas/ingest/posting-limiter.ts';
import { createTables } from '#test/support/memory/tables.ts';
import { memoryTokenBudgets } from '#test/support/memory/token-budgets.ts';

const limits = { ...defaultLimits, eventsPerSecond: 10, bytesPerDay: 10_000_000 };

function world() {
  const state = { now: Date.UTC(2026, 0, 31, 12), reads: 0, isAway: false, errors: 0 };
  const budgets = memoryTokenBudgets(createTables(() => state.now));
  const limiter = createRateLimiter({
    now: () => state.now,
    random: () => 0.5,
    sleep: async () => undefined,
    take: budgets.take,
    onError: (error) => {
      throw error;
    },
  });
  const limitsOf = createApplicationLimits({
    now: () => state.now,
    read: async (id) => {
      state.reads += 1;
      if (state.isAway) throw new Error('throttled');
      const application = { id, name: '', metadata: {}, createdAt: 0, updatedAt: 0 };
      return id === 'acme' ? { ...application, limits } : undefined;
    },
    defaults: defaultLimits,
    onError: () => {
      state.errors += 1;
    },
  });
  const caps = createPostingLimiter(limiter, limitsOf);
  const post = (
    token: { readonly id: string; readonly rateLimit?: { readonly perSecond: number } },
    posted = {},
  ) => caps.take({ applicationId: 'acme', token }, { events: 1, bytes: 100, ...posted });
  return { state, caps, post };
}

describe('what an application may post', () => {
  it('is shared by all its tokens, also by those with a rate of their own', async () => {
    const { post, state } = world();
    const tokens = [{ id: 'tok_1' }, { id: 'tok_2', rateLimit: { perSecond: 1_000 } }, { id: 'tok_3' }];
    let accepted = 0;
    const codes = new Set<string>();
    for (let index = 0; index < 60; index += 1) {
      await post(tokens[index % 3] ?? { id: '' }).then(
        () => {
          accepted += 1;
        },
        (problem) => codes.add(`${problem.status} ${problem.code} ${problem.headers['retry-after']}`),
      );
      state.now += 1;
    }
    expect(accepted).toBeGreaterThanOrEqual(20);
    expect(accepted).toBeLessThanOrEqual(21);
    expect([...codes]).toEqual(['429 application_rate_limited 1']);
  });

  it('is not used up by a token that exceeds its own rate', async () => {
    const { post } = world();
    const slow = { id: 'tok_1', rateLimit: { perSecond: 1 } };
    await post(slow, { events: 5 });
    for (let index = 0; index < 50; index += 1)
      await expect(post(slow)).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(post({ id: 'tok_2' }, { events: 5 })).resolves.toBeUndefined();
  });

  it('is bounded in bytes for each day', async () => {
    const { post, state } = world();
    for (let index = 0; index < 2; index += 1) {
      await post({ id: 'tok_1' }, { bytes: 5_000_000 });
      state.now += 1_000;
    }
    await expect(post({ id: 'tok_2' }, { bytes: 5_000_000 })).rejects.toMatchObject({
      ...{ status: 429, code: 'daily_bytes_used' },
      detail: expect.stringContaining('limits.bytesPerDay'),
    });
  });

  it('is read once a minute, and by default while it cannot be read', async () => {
    const { post, state } = world();
    for (let index = 0; index < 5; index += 1) await post({ id: 'tok_1' });
    expect(state.reads).toBe(1);
    state.now += 60_000;
    state.isAway = true;
    await post({ id: 'tok_1' }, { events: 500 });
    expect(state).toMatchObject({ reads: 2, errors: 1 });
  });
});
