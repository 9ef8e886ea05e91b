import type { Run } from './run.ts';

// A visit reads this many characters of a text.
const charactersPerVisit = 16;

export const visitsOf = (text: string): number => 1 + text.length / charactersPerVisit;

/** A text that is the same for two JSON values if and only if JSON Schema calls them equal. */
export function canonical(value: unknown, run?: Run): string {
  run?.spend(2 * (typeof value === 'string' ? visitsOf(value) : 1));
  // Not JSON.stringify, which writes infinity, as 1e400 is parsed, like null. 0 and -0 have the same text.
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, run)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  run?.spend(entries.length);
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry, run)}`).join(',')}}`;
}
