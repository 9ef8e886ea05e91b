import type { FieldError } from '#core/problem/problem.ts';
import { fieldError } from '#core/validation/validate.ts';

/**
 * The first thing in parsed JSON that would not come back as it was sent:
 *
 * - the key `__proto__`: a copy of the object could lose it, or worse, obey it;
 * - half of a surrogate pair, which UTF-8 cannot write, so a store would replace or refuse it;
 * - a number beyond the range of doubles, which `JSON.parse` reads as Infinity and `JSON.stringify` writes as null.
 *
 * Values are not repeated: any of them may be a secret.
 */
export function firstUnstorable(value: unknown, path: readonly PropertyKey[] = []): FieldError | undefined {
  if (typeof value === 'string' && !value.isWellFormed()) {
    return fieldError(path, 'a string with half of a surrogate pair', 'well-formed Unicode text');
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return fieldError(path, 'a number too large to be kept', `numbers up to ${Number.MAX_VALUE}`);
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
