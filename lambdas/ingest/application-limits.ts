import type { Application } from '#core/application/application.ts';
import { type Limits, limitsOf } from '#core/application/limits.ts';
import { createCache } from '#core/concurrency/cache.ts';

// A change of limits applies to every function within this.
const lifetime = 60_000;
const mostApplications = 3_000;

export interface ApplicationLimitsPorts {
  /** Epoch milliseconds. */
  now(): number;
  /** Undefined for an application that does not exist. */
  read(applicationId: string): Promise<Application | undefined>;
  /** The limits of applications for which an operator set none, and of those that could not be read. */
  readonly defaults: Limits;
  /** Called when the limits could not be read. */
  onError(error: unknown): void;
}

/** The limits of an application, which are read once a minute. Never rejects. */
export function createApplicationLimits({ now, read, defaults, onError }: ApplicationLimitsPorts) {
  const remembered = createCache<Limits>({ capacity: mostApplications, isGood: (_, age) => age < lifetime });

  return async (applicationId: string): Promise<Limits> => {
    try {
      return await remembered(applicationId, now(), async () =>
        limitsOf((await read(applicationId)) ?? {}, defaults),
      );
    } catch (error) {
      onError(error);
      return defaults;
    }
  };
}
