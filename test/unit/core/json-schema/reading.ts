import { readSchema } from '#core/json-schema/validate.ts';
import { re2 } from '#core/regex/re2.ts';

export function validatorOf(schema: unknown) {
  const reading = readSchema(JSON.stringify(schema), re2);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.validator;
}

export const takes = (schema: unknown, value: unknown): boolean => validatorOf(schema)(value).length === 0;

export function problemsOf(schema: unknown) {
  const reading = readSchema(JSON.stringify(schema), re2);
  return reading.ok ? [] : reading.problems;
}
