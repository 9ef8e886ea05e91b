import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import { tokenBudgetKey } from '#adapters/dynamodb/table/event-keys.ts';
import { itemVersion, type Table, toAttributes } from '#adapters/dynamodb/table/table.ts';

/** What is asked of a token's budget. Times are epoch microseconds; see `core/tenant/rate.ts`. */
export interface Taking {
  readonly now: number;
  /** How long what is taken pays. */
  readonly cost: number;
  /** Nothing is taken when the budget is paid beyond this already. */
  readonly mayOweUntil: number;
  /** Until when it was paid as whoever asks has seen it last, be it a little old. @default - nothing is known */
  readonly knownPaidUntil?: number;
}

/** `paidUntil` is the budget's after what was taken, or what stood in the way. */
export interface Taken {
  readonly taken: boolean;
  readonly paidUntil: number;
}

// Others may come between two looks; whoever meets them so often comes again like everybody who is refused.
const mostTries = 5;
const kept = 60 * 60;

/** Budgets in the event table: each has a partition of its own, and is forgotten when nothing was owed for an hour. */
export function createTokenBudgetStore(table: Table) {
  return {
    /** One write, and one more when it guessed wrong whether anything is owed. Refusals are billed as writes too. */
    async take(tokenId: string, { now, cost, mayOweUntil, knownPaidUntil = now }: Taking) {
      let standing = knownPaidUntil;
      for (let tried = 0; tried < mostTries; tried += 1) {
        const owes = standing > now;
        const paidUntil = Math.max(standing, now) + cost;
        const outcome = await conditionalUpdate(table, tokenBudgetKey(tokenId), {
          UpdateExpression: `SET u = ${owes ? 'u + :cost' : ':paid'}, v = :v, #ttl = :ttl`,
          ConditionExpression: owes ? 'u > :now AND u <= :mayOwe' : 'attribute_not_exists(u) OR u <= :now',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: toAttributes({
            ...(owes ? { ':cost': cost, ':mayOwe': mayOweUntil } : { ':paid': paidUntil }),
            ':now': now,
            ':v': itemVersion,
            ':ttl': Math.ceil(paidUntil / 1_000_000) + kept,
          }),
          ReturnValues: 'UPDATED_NEW',
        });
        if (outcome.applied) return { taken: true, paidUntil: Number(outcome.attributes?.u?.N ?? paidUntil) };
        standing = Number(outcome.standing?.u?.N ?? now);
        if (standing > mayOweUntil) break;
      }
      return { taken: false, paidUntil: standing };
    },
  };
}
