import * as z from 'zod/mini';
import { accepts, fields, oneOf, whole, yesOrNo } from '#core/validation/schemas.ts';
import {
  effectiveRetryPolicy,
  type GivenRetryConfig,
  horizon,
  maxAttemptsLimit,
  maxHorizon,
  strategies,
} from './retry-policy.ts';

const longestDelay = maxHorizon;
const gone = 410;
const statusRules = 'a status of 400 to 599 but 410, or "4xx" or "5xx"';

const statusRule = z.union(
  [
    z.int(statusRules).check(
      z.gte(400, statusRules),
      z.lte(599, statusRules),
      // With 410 the receiver says that the endpoint is gone, and no list overrules that.
      accepts((status) => status !== gone, statusRules),
    ),
    z.enum(['4xx', '5xx'], statusRules),
  ],
  statusRules,
);

const waits = `an array of 1 to ${maxAttemptsLimit - 1} waits in milliseconds`;

export const retryObject = fields({
  maxAttempts: z.optional(whole(1, maxAttemptsLimit)),
  strategy: z.optional(oneOf([...strategies, 'custom'])),
  baseDelay: z.optional(whole(1, longestDelay, 'milliseconds')),
  maxDelay: z.optional(whole(1, longestDelay, 'milliseconds')),
  jitter: z.optional(yesOrNo()),
  schedule: z.optional(
    z
      .array(whole(0, longestDelay, 'milliseconds'), waits)
      .check(z.minLength(1, waits), z.maxLength(maxAttemptsLimit - 1, waits)),
  ),
  retryableStatuses: z.optional(
    z.array(statusRule, `an array of ${statusRules}`).check(z.maxLength(50, 'at most 50 entries')),
  ),
}).check(
  z.check(({ value, issues }) => {
    // Numbers beyond their bounds could make the sum of the waits endless.
    if (issues.length > 0) return;
    for (const { name, message } of combinationProblems(value)) {
      issues.push({ code: 'custom', input: value, path: [name], message });
    }
  }),
);

type RetryObject = Exclude<GivenRetryConfig, 'standard'>;

interface CombinationProblem {
  readonly name: keyof RetryObject;
  readonly message: string;
}

/** Problems between fields that are valid by themselves. */
function combinationProblems(given: RetryObject): CombinationProblem[] {
  const problems = given.strategy === 'custom' ? customProblems(given) : formulaProblems(given);
  const total = horizon(effectiveRetryPolicy(given));
  if (total <= maxHorizon) return problems;
  const message = `received waits of ${total} ms in all; accepted: at most ${maxHorizon} ms (7 days) from the first attempt to the last`;
  return [...problems, { name: given.strategy === 'custom' ? 'schedule' : 'maxDelay', message }];
}

function customProblems({ schedule, maxAttempts, baseDelay, maxDelay }: RetryObject): CombinationProblem[] {
  if (schedule === undefined) {
    return [{ name: 'schedule', message: `is required with strategy custom; accepted: ${waits}` }];
  }
  const problems: CombinationProblem[] = [];
  const attempts = schedule.length + 1;
  if (maxAttempts !== undefined && maxAttempts !== attempts) {
    const accepted = `accepted with a schedule of ${schedule.length}: ${attempts}, or none`;
    problems.push({ name: 'maxAttempts', message: `received ${maxAttempts}; ${accepted}` });
  }
  for (const [name, value] of [
    ['baseDelay', baseDelay],
    ['maxDelay', maxDelay],
  ] as const) {
    if (value === undefined) continue;
    problems.push({ name, message: `received ${value}; accepted with strategy custom: a schedule instead` });
  }
  return problems;
}

function formulaProblems({ schedule }: RetryObject): CombinationProblem[] {
  if (schedule === undefined) return [];
  return [{ name: 'schedule', message: 'received a schedule; accepted: one with strategy "custom" only' }];
}

/** `"standard"`, or an object whose missing fields get defaults; see `effectiveRetryPolicy`. Durations in milliseconds. */
export const retryConfigSchema = z.union(
  [z.literal('standard'), retryObject],
  '"standard" or an object such as {"maxAttempts": 5}',
);
