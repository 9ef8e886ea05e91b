import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import { budgetKey } from '#adapters/dynamodb/table/event-keys.ts';
import { itemVersion, type Table, toAttributes } from '#adapters/dynamodb/table/table.ts';

/** A request to a budget. Times are epoch microseconds; see `core/rate-limit/budget.ts`. */
export interface Taking {
  /** From when on the budget counts; now for a rate, midnight for a day. */
  readonly now: number;
  /** How much time the taken events pay for. */
  readonly cost: number;
  /** Nothing is taken when the budget is already paid beyond this. */
  readonly mayOweUntil: number;
  /** Paid-until time that the caller last read; it may be stale. @default - nothing is known */
  readonly knownPaidUntil?: number;
}

// Other functions may come between a read and a write. After five losses the request is refused like any other.
const mostTries = 5;
const kept = 60 * 60;

/** Budgets in the event table. Each is in its own partition and expires an hour after its end. */
export function createTokenBudgetStore(table: Table) {
  return {
    /** One write, and one more when the stale time was wrong about a debt. Refusals are billed as writes too. */
    async take(key: string, { now, cost, mayOweUntil, knownPaidUntil = now }: Taking) {
      let standing = knownPaidUntil;
      for (let tried = 0; tried < mostTries; tried += 1) {
        const owes = standing > now;
        const paidUntil = Math.max(standing, now) + cost;
        const outcome = await conditionalUpdate(table, budgetKey(key), {
          UpdateExpression: `SET u = ${owes ? 'u + :cost' : ':paid'}, v = :v, #ttl = :ttl`,
          ConditionExpression: owes ? 'u > :now AND u <= :mayOwe' : 'attribute_not_exists(u) OR u <= :now',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: toAttributes({
            ...(owes ? { ':cost': cost, ':mayOwe': mayOweUntil } : { ':paid': paidUntil }),
            ':now': now,
            ':v': itemVersion,
            // The budget of a day counts until the day is over, however little was taken.
            ':ttl': Math.ceil(Math.max(paidUntil, mayOweUntil) / 1_000_000) + kept,
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
