import { type Expression, keptExpressions } from '#core/regex/expression.ts';
import { StepBudget } from '#core/regex/step-budget.ts';
import { filterLimits } from './filter.ts';

// Each call of the engine.
const stepsOfSearch = 100;

/** Steps that a search may take in a text of this many characters, if the expression has to be prepared first. */
export const searchSteps = (expression: Expression, length: number): number =>
  expression.preparation + stepsOfSearch + expression.steps(length);

/** Steps that one filter may take with an event. */
export class FilterBudget extends StepBudget {
  readonly #prepared: Set<string>;

  /** @param prepared sources of the expressions that any filter prepared for this event */
  constructor(limit: number = filterLimits.steps, prepared = new Set<string>()) {
    super(limit);
    this.#prepared = prepared;
  }

  /** @throws OutOfSteps */
  spendOnSearch(source: string, expression: Expression, length: number): void {
    const isReady = this.#prepared.has(source) && this.#prepared.size <= keptExpressions;
    this.spend(searchSteps(expression, length) - (isReady ? expression.preparation : 0));
    this.#prepared.add(source);
  }
}
