import { StepBudget } from '../step-budget.ts';
import type { Expression } from './expression.ts';
import { filterLimits } from './filter.ts';

/** Expressions that an engine keeps ready; others are made again when they are needed. */
export const keptExpressions = 256;

// Calling the engine at all.
const stepsOfSearch = 100;

/** What looking for an expression in a text of so many characters may take when it has to be made first. */
export const searchSteps = (expression: Expression, length: number): number =>
  expression.preparation + stepsOfSearch + expression.steps(length);

/** What the filters of one event may take together. */
export class FilterBudget extends StepBudget {
  readonly #made = new Set<string>();

  constructor(limit: number = filterLimits.steps) {
    super(limit);
  }

  /** @throws OutOfSteps */
  spendOnSearch(source: string, expression: Expression, length: number): void {
    const isReady = this.#made.has(source) && this.#made.size <= keptExpressions;
    this.#made.add(source);
    this.spend(searchSteps(expression, length) - (isReady ? expression.preparation : 0));
  }
}
