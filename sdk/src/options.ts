import { Hook0Error } from './errors.ts';

/**
 * Checks that `given` is an object with no other names than these.
 *
 * @param what - names the object in the error: `sendEvent`, `an event`
 * @throws Hook0Error that says which name was probably meant
 */
export function checkNames(what: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Hook0Error(`${what}: received ${kindOf(given)}; expected an object with ${known.join(', ')}`);
  }
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const hint = meant === undefined ? `expected ${known.join(', ')}` : `did you mean ${meant}?`;
  throw new Hook0Error(`${what}: ${unknown} is unknown; ${hint}`);
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}

/** The known name that was probably meant, if one is similar enough. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const text = given.toLowerCase();
  const ranked = known
    .map((name) => ({ name, distance: distanceOf(text, name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  return ranked.find(
    ({ name, distance }) =>
      distance <= Math.max(1, Math.floor(name.length * 0.45)) ||
      (text.length >= 3 && (name.toLowerCase().endsWith(text) || text.endsWith(name.toLowerCase()))),
  )?.name;
}

/** How many characters to insert, delete or replace (Levenshtein). */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, against] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (character === against ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
