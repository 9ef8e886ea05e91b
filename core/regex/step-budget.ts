/** The work would take more steps than are left. */
export class OutOfSteps extends Error {
  override readonly name = 'OutOfSteps';
}

/** Steps that work on untrusted input may take. They are counted, not timed, so that every machine decides the same. */
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

  /**
   * Takes steps before the work is done.
   *
   * @throws OutOfSteps when fewer are left; then none are taken
   */
  spend(steps: number): void {
    if (steps > this.#left) throw new OutOfSteps();
    this.#left -= steps;
  }
}
