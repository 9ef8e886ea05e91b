import { setImmediate as turn } from 'node:timers/promises';

// The event loop also has to serve what is not simulated, such as the connection to the test runner.
const settlesPerTurn = 256;

/** Time that passes only when everything that could happen at this moment has happened. */
export class VirtualClock {
  /** Epoch milliseconds. */
  now: number;
  private readonly moments = new Map<number, Set<() => void>>();
  /** In order. */
  private readonly times: number[] = [];
  private settles = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** @returns what calls it off */
  after(delay: number, happen: () => void): () => void {
    const at = this.now + Math.max(0, Math.ceil(delay));
    // Each call has its own function, so that calling one off leaves an equal one.
    const event = () => happen();
    const moment = this.moments.get(at);
    if (moment) moment.add(event);
    else {
      this.moments.set(at, new Set([event]));
      this.times.splice(this.placeOf(at), 0, at);
    }
    return () => this.callOff(at, event);
  }

  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => this.after(delay, resolve));
  }

  /** When something happens next, epoch milliseconds; Infinity when nothing will. */
  next(): number {
    return this.times[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Lets everything happen that can happen at this moment. */
  async settle(): Promise<void> {
    this.settles += 1;
    if (this.settles % settlesPerTurn === 0) await turn();
    // A next tick comes when no promise has anything left to do, and much sooner than a turn of the event loop.
    else await new Promise<void>((resolve) => process.nextTick(resolve));
  }

  /** Lets time pass until the next thing happens. */
  step(): void {
    const next = this.times.shift();
    if (next === undefined) return;
    this.now = next;
    const moment = this.moments.get(next) ?? [];
    this.moments.delete(next);
    for (const happen of moment) happen();
  }

  /** Lets time pass until then (epoch milliseconds). */
  async run(until: number): Promise<void> {
    await this.settle();
    while (this.next() <= until) {
      this.step();
      await this.settle();
    }
    this.now = Math.max(this.now, until);
  }

  private callOff(at: number, event: () => void): void {
    const moment = this.moments.get(at);
    if (!moment?.delete(event) || moment.size > 0) return;
    this.moments.delete(at);
    this.times.splice(this.placeOf(at), 1);
  }

  /** The index of this time, or of the first later one. */
  private placeOf(at: number): number {
    let [from, to] = [0, this.times.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.times[middle] ?? 0) < at) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
