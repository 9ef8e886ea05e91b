export const strategies = ['exponential', 'linear', 'fixed'] as const;
type Strategy = (typeof strategies)[number];

/** Statuses that are retried: a number, or a class such as `5xx`. */
export type StatusRule = number | '4xx' | '5xx';

/** The configuration as given, without defaults. */
export type GivenRetryConfig =
  | 'standard'
  | {
      readonly maxAttempts?: number;
      readonly strategy?: Strategy | 'custom';
      readonly baseDelay?: number;
      readonly maxDelay?: number;
      readonly jitter?: boolean;
      readonly schedule?: readonly number[];
      readonly retryableStatuses?: readonly StatusRule[];
    };

interface PolicyBase {
  readonly maxAttempts: number;
  readonly jitter: boolean;
  readonly retryableStatuses: readonly StatusRule[];
  /** No wait is shorter than this, whatever the plan says. @default 0 */
  readonly shortestDelay?: number;
}

/** The effective policy. Durations in milliseconds. */
export type RetryPolicy =
  | (PolicyBase & { readonly strategy: Strategy; readonly baseDelay: number; readonly maxDelay: number })
  | (PolicyBase & { readonly strategy: 'standard' | 'custom'; readonly schedule: readonly number[] });

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** The waits of the Standard Webhooks specification, section "Retries and failure", after the first try. */
export const standardSchedule: readonly number[] = [
  5 * seconds,
  5 * minutes,
  30 * minutes,
  2 * hours,
  5 * hours,
  10 * hours,
  14 * hours,
  20 * hours,
  24 * hours,
];

export const defaultRetryableStatuses: readonly StatusRule[] = [408, 425, 429, '5xx'];
export const maxAttemptsLimit = 50;
export const maxHorizon = 7 * 24 * hours;

const defaults = { maxAttempts: 3, baseDelay: 1 * seconds, maxDelay: 30 * seconds, jitter: true } as const;

/** Fills in the defaults. */
export function effectiveRetryPolicy(given: GivenRetryConfig): RetryPolicy {
  if (given === 'standard') {
    return {
      strategy: 'standard',
      schedule: standardSchedule,
      maxAttempts: standardSchedule.length + 1,
      jitter: true,
      retryableStatuses: defaultRetryableStatuses,
    };
  }
  const retryableStatuses = given.retryableStatuses ?? defaultRetryableStatuses;
  if (given.strategy === 'custom') {
    const schedule = given.schedule ?? [];
    // A schedule is used as written, so it has no jitter by default.
    return {
      strategy: 'custom',
      schedule,
      maxAttempts: schedule.length + 1,
      jitter: given.jitter ?? false,
      retryableStatuses,
    };
  }
  return {
    strategy: given.strategy ?? 'exponential',
    maxAttempts: given.maxAttempts ?? defaults.maxAttempts,
    baseDelay: given.baseDelay ?? defaults.baseDelay,
    maxDelay: given.maxDelay ?? defaults.maxDelay,
    jitter: given.jitter ?? defaults.jitter,
    retryableStatuses,
  };
}

/** Milliseconds to wait after failed attempt number `attempt` (from 1), before jitter. */
export function plannedDelay(policy: RetryPolicy, attempt: number): number {
  switch (policy.strategy) {
    case 'standard':
    case 'custom':
      return policy.schedule[attempt - 1] ?? 0;
    case 'fixed':
      return Math.min(policy.baseDelay, policy.maxDelay);
    case 'linear':
      return Math.min(policy.baseDelay * attempt, policy.maxDelay);
    case 'exponential':
      return Math.min(policy.baseDelay * 2 ** (attempt - 1), policy.maxDelay);
  }
}

/** The longest time between the first and the last attempt, before jitter, in milliseconds. */
export function horizon(policy: RetryPolicy): number {
  let total = 0;
  for (let attempt = 1; attempt < policy.maxAttempts; attempt += 1) total += plannedDelay(policy, attempt);
  return total;
}

const jitterShare = 0.1;

/**
 * Milliseconds to wait after failed attempt number `attempt`: the plan, ±10 % when the policy jitters, and never less
 * than the shortest delay.
 *
 * @param random in [0, 1)
 */
export function backoff(policy: RetryPolicy, attempt: number, random: number): number {
  const planned = plannedDelay(policy, attempt);
  const delay = policy.jitter ? Math.round(planned * (1 - jitterShare + 2 * jitterShare * random)) : planned;
  return Math.max(policy.shortestDelay ?? 0, delay);
}

export function isRetryableStatus(rules: readonly StatusRule[], statusCode: number): boolean {
  return rules.some((rule) => rule === statusCode || rule === `${Math.floor(statusCode / 100)}xx`);
}
