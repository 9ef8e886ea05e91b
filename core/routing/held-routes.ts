import type { RoutingIndex } from './routing-index.ts';

/**
 * Routes of applications in memory, up to a budget of bytes. The least recently used application is dropped first. Two
 * always stay: the newest, and the newest of those larger than the budget, because it is expensive to reload.
 */
export class HeldRoutes {
  readonly #maxBytes: number;
  // A Map iterates in the order of insertion, so the first key is the least recently used.
  readonly #held = new Map<string, RoutingIndex>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(applicationId: string): RoutingIndex | undefined {
    return this.#held.get(applicationId);
  }

  /** Makes the application the newest, and drops others if all take more than the budget. */
  use(applicationId: string, index: RoutingIndex): void {
    this.delete(applicationId);
    this.#held.set(applicationId, index);
    const oldestFirst = [...this.#held];
    const newest = oldestFirst.at(-1);
    const newestOversized = oldestFirst.findLast(([, { bytes }]) => this.isOversized(bytes));
    let total = oldestFirst.reduce((sum, [, { bytes }]) => sum + bytes, 0);
    for (const entry of oldestFirst) {
      if (total <= this.#maxBytes) return;
      if (entry === newest || entry === newestOversized) continue;
      this.delete(entry[0]);
      total -= entry[1].bytes;
    }
  }

  delete(applicationId: string): void {
    this.#held.delete(applicationId);
  }

  isOversized(bytes: number): boolean {
    return bytes > this.#maxBytes;
  }

  /** Call before routes of this size are loaded. Oversized routes make room, so that two are not in memory together. */
  makeRoomFor(bytes: number): void {
    if (!this.isOversized(bytes)) return;
    for (const [applicationId, index] of this.#held)
      if (this.isOversized(index.bytes)) this.delete(applicationId);
  }
}
