/** The work would take more steps than it may. */
export class OutOfSteps extends Error {
  override readonly name = 'OutOfSteps';
}

/** What work on a stranger's behalf may still take. Counted where it is done: the same on every machine. */
export class StepBudget {
  readonly #limit: number;
  #left: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.#left = limit;
  }

  get spent(): number {
    return this.#limit - this.#left;
  }

  /** @throws OutOfSteps */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new OutOfSteps();
  }
}
