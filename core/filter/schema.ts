import * as z from 'zod/mini';
import { type Filter, filterLimits, logics, operators } from './filter.ts';
import { filterProblems } from './validate.ts';

const conditionSchema = z.strictObject({
  field: z.string().check(z.maxLength(filterLimits.stringBytes)),
  operator: z.enum(operators),
  value: z.unknown(),
});

export const groupSchema: z.ZodMiniType<Filter> = z.strictObject({
  logic: z._default(z.enum(logics), 'AND'),
  get conditions() {
    return z._default(z.array(z.union([conditionSchema, groupSchema])), []);
  },
});

/**
 * An endpoint's `filters`; `logic` (AND) and `conditions` (none) are filled in.
 *
 * The checks run first and write the messages, because the union would only say which alternatives do not fit. The
 * schema behind them gives the type and the JSON Schema.
 */
export const filterSchema = z.pipe(
  z.transform((input: unknown, context) => {
    for (const { path, message } of filterProblems(input)) {
      context.issues.push({ code: 'custom', path: [...path], message, input });
    }
    return input;
  }),
  groupSchema,
);
