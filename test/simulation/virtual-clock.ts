import { setImmediate as turn } from 'node:timers/promises';

interface Event {
  readonly at: number;
  readonly happen: () => void;
}

/** Time that passes only when everything that could happen at this moment has happened. */
export class VirtualClock {
  now: number;
  private readonly events = new Map<number, Set<Event>>();
  private times: number[] = [];

  constructor(now: number) {
    this.now = now;
  }

  /** Returns what calls it off. */
  after(delay: number, happen: () => void): () => void {
    const at = this.now + Math.max(0, Math.ceil(delay));
    const event = { at, happen };
    const same = this.events.get(at);
    if (same) same.add(event);
    else {
      this.events.set(at, new Set([event]));
      const index = this.times.findIndex((time) => time > at);
      this.times.splice(index < 0 ? this.times.length : index, 0, at);
    }
    return () => void this.events.get(at)?.delete(event);
  }

  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => this.after(delay, resolve));
  }

  /** Lets time pass until nothing is left to happen, or until the time given (epoch milliseconds). */
  async run(until: number): Promise<void> {
    for (;;) {
      // Twice, since what a first turn resolved may ask for another moment.
      await turn();
      await turn();
      const [next] = this.times;
      if (next === undefined || next > until) return;
      this.times.shift();
      this.now = next;
      const due = this.events.get(next) ?? new Set();
      this.events.delete(next);
      for (const { happen } of due) happen();
    }
  }
}
