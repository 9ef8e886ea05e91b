import * as z from 'zod/mini';
import { instantAccepted, instantForm, parseInstant } from './instant.ts';

// The error text of a schema says what is accepted. The code that reports the issue adds what was received.

/** An object that refuses unknown fields, naming the known ones. */
export function fields<Shape extends Record<string, z.ZodMiniType>>(shape: Shape) {
  const known = `the fields ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? known : `an object with ${known}`),
  });
}

/**
 * A check whose error text says what is accepted.
 *
 * @param pattern - the check as a regular expression, if it is one, for the OpenAPI document.
 */
export function accepts<T>(check: (value: T) => boolean, accepted: string, pattern?: RegExp) {
  return z.refine<T>((value) => check(value), { error: accepted, params: { accepted, pattern } });
}

/** Text for people: no control characters, no broken surrogate pairs, not only blanks. */
export function text(minimum: number, maximum: number) {
  const accepted = `a string of ${minimum} to ${maximum} characters without control characters`;
  return z.string(accepted).check(
    z.minLength(minimum, accepted),
    z.maxLength(maximum, accepted),
    accepts((value) => value.isWellFormed() && /\S/u.test(value) && !/\p{Cc}/u.test(value), accepted),
  );
}

/** A whole number within bounds, both included. */
export function whole(minimum: number, maximum: number, unit = '') {
  const accepted = `a whole number from ${minimum} to ${maximum}${unit === '' ? '' : ` ${unit}`}`;
  return z.int(accepted).check(z.gte(minimum, accepted), z.lte(maximum, accepted));
}

/** An ISO 8601 time with a zone, read as epoch milliseconds. */
export function instant() {
  return z.pipe(
    z
      .string(instantAccepted)
      .check(accepts((value) => parseInstant(value) !== undefined, instantAccepted, instantForm)),
    z.transform((value) => parseInstant(value) ?? 0),
  );
}

export const yesOrNo = () => z.boolean('true or false');

export function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `one of ${values.join(', ')}`);
}

/** An optional field. Null means "not given", because many serializers write absent values as null. */
export function optional<Output, Input>(schema: z.ZodMiniType<Output, Input>) {
  return z.pipe(
    z.optional(z.nullable(schema)),
    z.transform((value) => value ?? undefined),
  );
}
