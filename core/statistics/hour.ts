export const hourMs = 60 * 60 * 1_000;

/** The start of the hour that a time lies in; epoch milliseconds, both. */
export const hourOf = (time: number): number => Math.floor(time / hourMs) * hourMs;
