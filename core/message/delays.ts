// For a message of a newer release: a deployment takes minutes until all functions know it.
export const unknownVersionDelay = 300_000;

/**
 * Milliseconds until a message comes back after an internal error, such as a throttled table: min(900, 5·2^receives)
 * seconds. Twelve receives then take about two hours before quarantine.
 */
export function errorDelay(receiveCount: number): number {
  return Math.min(900, 5 * 2 ** Math.min(receiveCount, 10)) * 1_000;
}
