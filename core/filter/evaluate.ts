import { OutOfSteps } from '#core/regex/step-budget.ts';
import { FilterBudget } from './budget.ts';
import { filterLimits } from './filter.ts';

/** Steps that each filter may take, whatever the others take: fifty plain conditions. */
const stepsForEach = 500;
const growth = 8;

interface Evaluation<T> {
  readonly passed: readonly T[];
  /** Their filters need more steps than are left, so it is unknown whether they want the event. */
  readonly tooExpensive: readonly T[];
}

/**
 * Evaluates filters, cheap ones first: each may take 500 steps. Those that need more are evaluated again with eight
 * times as many, and so on, until the further rounds together took `filterLimits.steps`. So the most expensive filters
 * are the ones that lack steps, and they take none from others.
 *
 * @param order which of equally expensive candidates comes first
 */
export function evaluateFilters<T>(
  candidates: readonly T[],
  passes: (candidate: T, budget: FilterBudget) => boolean,
  order: (left: T, right: T) => number,
): Evaluation<T> {
  const passed: T[] = [];
  const prepared = new Set<string>();

  function evaluate(candidate: T, limit: number): { readonly needsMore: boolean; readonly spent: number } {
    const budget = new FilterBudget(limit, prepared);
    try {
      if (passes(candidate, budget)) passed.push(candidate);
      return { needsMore: false, spent: budget.spent };
    } catch (error) {
      if (!(error instanceof OutOfSteps)) throw error;
      return { needsMore: true, spent: budget.spent };
    }
  }

  let left: number = filterLimits.steps;
  let open = candidates.filter((candidate) => evaluate(candidate, stepsForEach).needsMore).sort(order);
  for (let limit = stepsForEach * growth; open.length > 0; limit *= growth) {
    open = open.filter((candidate) => {
      const { needsMore, spent } = evaluate(candidate, Math.min(limit, left));
      left -= spent;
      return needsMore;
    });
    if (limit >= filterLimits.steps) break;
  }
  return { passed, tooExpensive: open };
}
