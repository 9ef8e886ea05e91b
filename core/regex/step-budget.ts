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

  /**
   * To be called before the work.
   *
   * @throws OutOfSteps, and takes nothing, when there are not as many left
   */
  spend(steps: number): void {
    if (steps > this.#left) throw new OutOfSteps();
    this.#left -= steps;
  }
}
