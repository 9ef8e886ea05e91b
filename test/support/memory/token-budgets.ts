import type { createTokenBudgetStore } from '#adapters/dynamodb/token/token-budget-store.ts';
import type { Tables } from './tables.ts';

export function memoryTokenBudgets({ budgets }: Tables): ReturnType<typeof createTokenBudgetStore> {
  return {
    async take(tokenId, { now, cost, mayOweUntil }) {
      const standing = budgets.get(tokenId) ?? now;
      if (standing > now && standing > mayOweUntil) return { taken: false, paidUntil: standing };
      const paidUntil = Math.max(standing, now) + cost;
      budgets.set(tokenId, paidUntil);
      return { taken: true, paidUntil };
    },
  };
}
