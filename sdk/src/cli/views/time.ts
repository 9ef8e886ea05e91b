/** To the second, in UTC: 2026-01-31T12:00:00Z. */
export const second = (iso: string | undefined | null): string | undefined =>
  iso === undefined || iso === null ? undefined : iso.replace(/\.\d+Z$/, 'Z');

/** The time of day on this machine: 14:03:11. */
export const clock = (now: number): string => new Date(now).toTimeString().slice(0, 8);

/** How long it is until a time, or undefined when it is over: 5 s, 12 m, 3 h, 2 d. */
export function until(iso: string | undefined, now: number): string | undefined {
  const left = iso === undefined ? 0 : Date.parse(iso) - now;
  return left > 0 ? duration(left) : undefined;
}

/** A duration for people, in its largest whole unit. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const [unit, size] = unitsOf.find(([, one]) => milliseconds >= one) ?? (['s', 1_000] as const);
  return `${Math.floor(milliseconds / size)} ${unit}`;
}

const unitsOf = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
