import { describeValue } from '#core/json/describe.ts';
import { formatPointer } from '#core/json/pointer.ts';
import { OutOfSteps, StepBudget } from '#core/regex/step-budget.ts';
import { longestReport, schemaLimits } from './limits.ts';

/** A place in a payload. It is a chain, so that a path is only made for a violation. */
export type Place = { readonly parent: Place; readonly key: string | number } | undefined;

/** A value in a payload that its schema refuses. */
export interface Violation {
  /** From the payload's root, empty for the payload itself. */
  readonly path: readonly (string | number)[];
  readonly pointer: string;
  readonly received: string;
  readonly accepted: string;
}

// Measured by bench/filters.ts.
const stepsOfVisit = 10;

/** One validation: its violations, and the steps that are left. */
export class Run {
  readonly violations: Violation[] = [];
  /** Whether a keyword needs to know which members other keywords have evaluated. */
  readonly tracks: boolean;
  readonly #budget = new StepBudget(schemaLimits.steps);
  #nesting = 0;
  #quiet = 0;

  constructor(tracks: boolean) {
    this.tracks = tracks;
  }

  /** Whether the first violation is enough. */
  get stopsEarly(): boolean {
    return this.#quiet > 0 || this.violations.length >= longestReport;
  }

  get spent(): number {
    return this.#budget.spent;
  }

  /** Counts schemas that are applied, members that are visited, and so on. @throws OutOfSteps */
  spend(visits: number): void {
    this.#budget.spend(visits * stepsOfVisit);
  }

  /** @throws OutOfSteps */
  spendSteps(steps: number): void {
    this.#budget.spend(steps);
  }

  /** @throws OutOfSteps */
  enter(): void {
    this.#nesting += 1;
    if (this.#nesting > schemaLimits.nesting) throw new OutOfSteps();
    this.spend(1);
  }

  leave(): void {
    this.#nesting -= 1;
  }

  /** Validates without a report, as for the schemas of an `anyOf`. */
  quietly(validate: () => boolean): boolean {
    this.#quiet += 1;
    const result = validate();
    this.#quiet -= 1;
    return result;
  }

  /** Reports a violation. @returns false, so that a check can return it */
  refuse(at: Place, value: unknown, accepted: string): false {
    if (!this.stopsEarly) {
      const path = pathOf(at);
      this.violations.push({ path, pointer: formatPointer(path), received: describeKind(value), accepted });
    }
    return false;
  }
}

/** Describes a value without the text of strings, which may be secret. */
const describeKind = (value: unknown): string =>
  typeof value === 'string' ? `a string of ${value.length} characters` : describeValue(value);

function pathOf(at: Place): (string | number)[] {
  const path: (string | number)[] = [];
  for (let place = at; place !== undefined; place = place.parent) path.push(place.key);
  return path.reverse();
}
