import type { FieldError } from '#core/problem/problem.ts';
import { fieldError } from '#core/validation/validate.ts';

/**
 * The first part of parsed JSON that would not come back as it was sent:
 *
 * - the key `__proto__`: a copy of the object could lose it or take it for the prototype;
 * - half of a surrogate pair: UTF-8 cannot write it, so a store would replace or refuse it;
 * - a number beyond the range of doubles: `JSON.parse` reads it as Infinity and `JSON.stringify` writes it as null.
 *
 * The error does not repeat the value, because it may be a secret.
 */
export function firstUnstorable(value: unknown, path: readonly PropertyKey[] = []): FieldError | undefined {
  if (typeof value === 'string' && !value.isWellFormed()) {
    return fieldError(path, 'a string with half of a surrogate pair', 'well-formed Unicode text');
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return fieldError(path, 'a number beyond the range of doubles', `numbers up to ${Number.MAX_VALUE}`);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === '__proto__') return fieldError(here, 'the key "__proto__"', 'any other key');
    if (!key.isWellFormed()) {
      return fieldError(here, 'a key with half of a surrogate pair', 'well-formed Unicode text');
    }
    const found = firstUnstorable(member, here);
    if (found !== undefined) return found;
  }
  return undefined;
}
