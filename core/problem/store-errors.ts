import type { Limited } from '#core/application/limits.ts';

/** A refusal of a store. Other errors that a store throws come from the database. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** Other writers kept changing the same item until the time for retries was over. The caller may try again (503). */
export class VersionConflict extends StoreError {
  override readonly name = 'VersionConflict';
}

/** An item with this id already exists. */
export class AlreadyExists extends StoreError {
  override readonly name = 'AlreadyExists';
}

/** The parent of a new item does not exist. */
export class NotFound extends StoreError {
  override readonly name = 'NotFound';
}

/** The application has reached one of its limits. */
export class LimitReached extends StoreError {
  override readonly name = 'LimitReached';
  readonly what: Limited;
  readonly limit: number;
  readonly standing: number;

  constructor(what: Limited, limit: number, standing: number) {
    super(`the application has ${standing} ${what}; its limit is ${limit}`);
    this.what = what;
    this.limit = limit;
    this.standing = standing;
  }
}

/** The filters of the application's endpoints would take too many steps for one event. */
export class FiltersTooExpensive extends StoreError {
  override readonly name = 'FiltersTooExpensive';
  readonly load: FilterLoad;
  readonly own: number;

  /** @param own steps of the filter that was to be saved */
  constructor(load: FilterLoad, own: number) {
    super(`the filters for events of ${load.pattern} take ${load.steps} steps, ${own} of them in one filter`);
    this.load = load;
    this.own = own;
  }
}

/** The steps that filters take for the largest event, and the pattern of the events that take most. */
export interface FilterLoad {
  readonly pattern: string;
  readonly steps: number;
}
