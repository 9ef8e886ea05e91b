import type { Limited } from '#core/application/limits.ts';

/** What a store refuses; anything else that it throws is trouble of the database. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** Others kept changing the same thing until the time to retry was used up: the caller may try again (503). */
export class VersionConflict extends StoreError {
  override readonly name = 'VersionConflict';
}

/** A thing with this id stands already. */
export class AlreadyExists extends StoreError {
  override readonly name = 'AlreadyExists';
}

/** What the new thing would belong to does not exist. */
export class NotFound extends StoreError {
  override readonly name = 'NotFound';
}

/** The application has as many as it may have, or as much as there is room for. */
export class LimitReached extends StoreError {
  override readonly name = 'LimitReached';
  readonly what: Limited;
  readonly limit: number;
  readonly standing: number;

  constructor(what: Limited, limit: number, standing: number) {
    super(`the application has ${standing} ${what} and may have ${limit}`);
    this.what = what;
    this.limit = limit;
    this.standing = standing;
  }
}
