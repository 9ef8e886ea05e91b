import { expect, it } from 'vitest';
import { createCountRequest } from '#adapters/http-api/count-request.ts';
import { createRateLimiter } from '#core/rate-limit/limiter.ts';
import { createTables } from '#test/support/memory/tables.ts';
import { memoryTokenBudgets } from '#test/support/memory/token-budgets.ts';

const record = { applicationId: 'acme', name: '', scopes: [], createdAt: 0 };

it('counts the requests of each token by itself, and none of an operator', async () => {
  let now = 1_700_000_000_000;
  const limiter = createRateLimiter({
    now: () => now,
    random: () => 0.5,
    sleep: async () => undefined,
    take: memoryTokenBudgets(createTables(() => now)).take,
    onError: (error) => {
      throw error;
    },
  });
  const count = createCountRequest(limiter, { perSecond: 20 });
  const request = (id: string, isOperator = false) => count({ token: { ...record, id }, isOperator });
  const refused = async () => {
    for (let asked = 0; asked < 100; asked += 1) await request('tok_1');
  };
  await expect(refused()).rejects.toMatchObject({
    ...{ status: 429, code: 'request_rate_limited', headers: { 'retry-after': '1' } },
    accepted: 'at most 20 requests a second',
  });
  await request('tok_2');
  for (let asked = 0; asked < 100; asked += 1) await request('tok_3', true);
  now += 1_000;
  await request('tok_1');
});
