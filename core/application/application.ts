import type { Limits } from './limits.ts';

/** The owner of endpoints, event types, tokens and events. Times are epoch milliseconds. */
export interface Application {
  /** `[a-z0-9][a-z0-9_-]{0,63}` */
  readonly id: string;
  readonly name: string;
  /** Any JSON; filters may refer to it as `${application.metadata.…}`. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Limits that an operator set; the limits of the deployment apply to the rest. */
  readonly limits?: Partial<Limits>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The deployment creates this application, for users who need only one. */
export const defaultApplicationId = 'default';
