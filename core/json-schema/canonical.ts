import type { Run } from './run.ts';

// What must be read of texts costs a step for so many characters.
const charactersPerStep = 16;

export const stepsOf = (text: string): number => 1 + text.length / charactersPerStep;

/** A text that two JSON values share if and only if JSON Schema calls them equal. */
export function canonical(value: unknown, run?: Run): string {
  run?.spend(typeof value === 'string' ? stepsOf(value) : 1);
  // Not JSON.stringify: it writes the infinity that 1e400 is read as like null. 0 and -0 are one text.
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, run)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  run?.spend(entries.length);
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry, run)}`).join(',')}}`;
}
