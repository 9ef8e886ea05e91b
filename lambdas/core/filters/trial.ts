import { Problem } from '../problem.ts';
import { OutOfSteps } from '../step-budget.ts';
import { FilterBudget } from './budget.ts';
import { filterLimits } from './filter.ts';

// Those that took most say enough about what to change.
const longestReport = 3;

/** The filters that one event is tried against: together they take a bounded number of steps. */
export class FilterTrial {
  readonly #budget = new FilterBudget();
  /** The dearest filters so far, the dearest first. */
  #dearest: { readonly endpointId: string; readonly steps: number }[] = [];

  get spent(): number {
    return this.#budget.spent;
  }

  /**
   * Tries the filter of an endpoint.
   *
   * @throws Problem `filters_too_costly`: whether the endpoint wants the event is not known, so nobody may say so
   */
  of(endpointId: string, passes: (budget: FilterBudget) => boolean): boolean {
    const before = this.spent;
    try {
      const result = passes(this.#budget);
      this.#note(endpointId, this.spent - before);
      return result;
    } catch (error) {
      if (!(error instanceof OutOfSteps)) throw error;
      this.#note(endpointId, this.spent - before);
      throw tooCostly(this.#dearest.map((one) => one.endpointId));
    }
  }

  #note(endpointId: string, steps: number): void {
    const last = this.#dearest.at(-1);
    if (this.#dearest.length >= longestReport && last !== undefined && last.steps >= steps) return;
    this.#dearest = [...this.#dearest, { endpointId, steps }]
      .sort((left, right) => right.steps - left.steps)
      .slice(0, longestReport);
  }
}

function tooCostly(dearest: readonly string[]): Problem {
  const accepted = `an event that all filters of its application need at most ${filterLimits.steps} steps for`;
  return new Problem('filters_too_costly', {
    detail:
      `payload: the filters of the application need more steps for this event than the accepted ${filterLimits.steps}, ` +
      `most of them those of ${dearest.join(', ')}; simplify their expressions, or disable the endpoints`,
    field: 'payload',
    accepted,
  });
}
