// A newer release wrote the message; during a deployment it takes minutes until all functions know it.
export const unknownVersionDelay = 300_000;

/**
 * Milliseconds until a message comes back after trouble of our own (a throttled table, an unavailable queue):
 * min(900, 5·2^receives) seconds. Twelve receives then span about two hours before quarantine.
 */
export function troubleDelay(receiveCount: number): number {
  return Math.min(900, 5 * 2 ** Math.min(receiveCount, 10)) * 1_000;
}
