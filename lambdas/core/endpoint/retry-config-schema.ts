import * as z from 'zod/mini';
import {
  effectiveRetryPolicy,
  horizon,
  maxAttemptsLimit,
  maxHorizon,
  strategies,
} from '../delivery/retry-policy.ts';
import { accepts, fields, oneOf, whole, yesOrNo } from '../validation/schemas.ts';

const longestDelay = maxHorizon;
const gone = 410;
const statusRules = 'a status of 400 to 599 but 410, or "4xx" or "5xx"';

const statusRule = z.union(
  [
    z.int(statusRules).check(
      z.gte(400, statusRules),
      z.lte(599, statusRules),
      // 410 is the receiver's own word that it wants nothing more: no list overrules it.
      accepts((status) => status !== gone, statusRules),
    ),
    z.enum(['4xx', '5xx'], statusRules),
  ],
  statusRules,
);

const waits = `an array of 1 to ${maxAttemptsLimit - 1} waits in milliseconds`;

const retryObject = fields({
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
    const report = (name: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [name], message });
    if (value.strategy === 'custom') {
      if (value.schedule === undefined)
        return void report('schedule', `received nothing; accepted with strategy custom: ${waits}`);
      const { length } = value.schedule;
      if (value.maxAttempts !== undefined && value.maxAttempts !== length + 1) {
        report(
          'maxAttempts',
          `received ${value.maxAttempts}; accepted with a schedule of ${length}: ${length + 1}, or none`,
        );
      }
      for (const name of ['baseDelay', 'maxDelay'] as const) {
        if (value[name] !== undefined)
          report(name, `received ${value[name]}; accepted with strategy custom: schedule instead`);
      }
    } else if (value.schedule !== undefined) {
      report('schedule', `received a schedule; accepted only with strategy "custom"`);
    }
    const total = horizon(effectiveRetryPolicy(value));
    if (total > maxHorizon) {
      report(
        value.strategy === 'custom' ? 'schedule' : 'maxDelay',
        `received waits of ${total} ms in all; accepted: at most ${maxHorizon} ms (7 days) from the first attempt to the last`,
      );
    }
  }),
);

/** `"standard"`, or an object whose missing fields get defaults; see `effectiveRetryPolicy`. Durations in milliseconds. */
export const retryConfigSchema = z.union(
  [z.literal('standard'), retryObject],
  '"standard" or an object such as {"maxAttempts": 5}',
);
