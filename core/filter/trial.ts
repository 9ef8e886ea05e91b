import { OutOfSteps } from '#core/regex/step-budget.ts';
import { FilterBudget } from './budget.ts';
import { filterLimits } from './filter.ts';

/** What each filter may take for sure, however much the others take: fifty plain conditions. */
const first = 500;
const growth = 8;

export interface Trial<T> {
  readonly passed: readonly T[];
  /** Those whose filters would take more than is left. Nobody knows whether they want the event. */
  readonly undecided: readonly T[];
}

/**
 * Tries filters, the cheap ones first: each may take 500 steps, those that need more eight times as many, and so on
 * until all further rounds together took `filterLimits.steps`. So filters that take most are the ones that lack the
 * steps for an event, and take none from others.
 *
 * @param candidates - compared by `order` where it decides who goes without.
 */
export function tryFilters<T>(
  candidates: readonly T[],
  passes: (candidate: T, budget: FilterBudget) => boolean,
  order: (left: T, right: T) => number,
): Trial<T> {
  const passed: T[] = [];
  const made = new Set<string>();
  let left: number = filterLimits.steps;

  const round = (open: readonly T[], limitOf: () => number, spent: (steps: number) => void): T[] =>
    open.filter((candidate) => {
      const budget = new FilterBudget(limitOf(), made);
      try {
        if (passes(candidate, budget)) passed.push(candidate);
        return false;
      } catch (error) {
        if (error instanceof OutOfSteps) return true;
        throw error;
      } finally {
        spent(budget.spent);
      }
    });

  let open = round(
    candidates,
    () => first,
    () => undefined,
  ).sort(order);
  for (let allowance = first * growth; open.length > 0; allowance *= growth) {
    const limit = allowance;
    open = round(
      open,
      () => Math.min(limit, left),
      (steps) => {
        left -= steps;
      },
    );
    if (limit >= filterLimits.steps) break;
  }
  return { passed, undecided: open };
}
