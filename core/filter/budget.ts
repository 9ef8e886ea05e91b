import { type Expression, keptExpressions } from '#core/regex/expression.ts';
import { StepBudget } from '#core/regex/step-budget.ts';
import { filterLimits } from './filter.ts';

// Calling the engine at all.
const stepsOfSearch = 100;

/** What looking for an expression in a text of so many characters may take when it has to be made first. */
export const searchSteps = (expression: Expression, length: number): number =>
  expression.preparation + stepsOfSearch + expression.steps(length);

/** What one filter may take with an event. */
export class FilterBudget extends StepBudget {
  readonly #made: Set<string>;

  /** @param made - sources of expressions that were made for this event already, whoever paid for them. */
  constructor(limit: number = filterLimits.steps, made = new Set<string>()) {
    super(limit);
    this.#made = made;
  }

  /** @throws OutOfSteps */
  spendOnSearch(source: string, expression: Expression, length: number): void {
    const isReady = this.#made.has(source) && this.#made.size <= keptExpressions;
    this.spend(searchSteps(expression, length) - (isReady ? expression.preparation : 0));
    this.#made.add(source);
  }
}
