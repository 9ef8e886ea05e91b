import type { Limits } from './limits.ts';

/** A tenant: owns endpoints, event types, tokens and events. Times are epoch milliseconds. */
export interface Application {
  /** `[a-z0-9][a-z0-9_-]{0,63}` */
  readonly id: string;
  readonly name: string;
  /** Free JSON; filters may refer to it as `${application.metadata.…}`. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Those that an operator gave it; the deployment's apply where it has none of its own. */
  readonly limits?: Partial<Limits>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The application of those who need only one; it exists from the deployment on. */
export const defaultApplicationId = 'default';
