import * as z from 'zod/mini';

// A schema's error text says what is accepted; what was received is added where the issue is reported.

/** An object that refuses unknown fields, naming the known ones. */
export function fields<Shape extends Record<string, z.ZodMiniType>>(shape: Shape) {
  const known = `the fields ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? known : `an object with ${known}`),
  });
}

/**
 * A check whose failure says only what is accepted; what was received is added where it is reported.
 *
 * @param pattern - the check as a regular expression, where it is one, for the API's description.
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
  const accepted = `a whole number of ${minimum} to ${maximum}${unit === '' ? '' : ` ${unit}`}`;
  return z.int(accepted).check(z.gte(minimum, accepted), z.lte(maximum, accepted));
}

/** An ISO 8601 time with a zone, read as epoch milliseconds. A date alone would leave open whose midnight is meant. */
export function instant() {
  const accepted = 'an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z';
  return z.pipe(
    z.string(accepted).check(accepts((value) => parseInstant(value) !== undefined, accepted, instantForm)),
    z.transform((value) => parseInstant(value) ?? 0),
  );
}

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

// What lies beyond, as a zone can make it, has no four-digit year in UTC: it could be neither answered nor compared as text.
const firstInstant = Date.parse('0000-01-01T00:00:00Z');
const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');

/** Epoch milliseconds, or undefined for a text that is no ISO 8601 time with a zone. */
export function parseInstant(text: string): number | undefined {
  const parsed = instantForm.test(text) ? Date.parse(text) : Number.NaN;
  return parsed >= firstInstant && parsed <= lastInstant ? parsed : undefined;
}

export const yesOrNo = () => z.boolean('true or false');

export function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `one of ${values.join(', ')}`);
}

/** An optional field for which null means "not given": many serializers write absent values so. */
export function optional<Output, Input>(schema: z.ZodMiniType<Output, Input>) {
  return z.pipe(
    z.optional(z.nullable(schema)),
    z.transform((value) => value ?? undefined),
  );
}
