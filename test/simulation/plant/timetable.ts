import type { Tables } from '#test/support/memory/tables.ts';
import type { VirtualClock } from './clock.ts';
import { hasForgotten, hasUnstored } from './state.ts';

const minute = 60_000;
const hour = 60 * minute;
// As far as the scheduler looks ahead.
const lookAhead = 90_000;

/** When the functions run that a schedule starts: the scheduler every minute, reconcile every hour. */
export class Timetable {
  /** When the scheduler ran last. It runs a minute later, unless it would find nothing to do. */
  lastTick: number;
  private lastSweep: number;
  private readonly clock: VirtualClock;
  private readonly tables: Tables;

  constructor(clock: VirtualClock, tables: Tables, start: number) {
    this.clock = clock;
    this.tables = tables;
    this.lastTick = start;
    this.lastSweep = start;
  }

  /** Whether the scheduler runs now. */
  takeTick(): boolean {
    const at = this.nextTick();
    if (at > this.clock.now) return false;
    this.lastTick = at;
    return true;
  }

  /** Whether reconcile runs now. */
  takeSweep(now: number): boolean {
    const at = this.nextSweep(now);
    if (at > now) return false;
    this.lastSweep = at;
    return true;
  }

  /** Ticks are left out that would find nothing to do, and those that were missed while nothing ran. */
  nextTick(): number {
    const passed = Math.floor((this.clock.now - this.lastTick) / minute);
    const following = this.lastTick + Math.max(1, passed) * minute;
    if (this.tables.watched.size > 0) return following;
    const due = this.tables.index.nextDue() - lookAhead - this.lastTick;
    return Math.max(following, this.lastTick + Math.ceil(due / minute) * minute);
  }

  /** The next whole hour, if it comes by then and reconcile has something to find; Infinity otherwise. */
  nextSweep(by: number): number {
    const following = Math.max(this.lastSweep + hour, Math.floor(this.clock.now / hour) * hour);
    const { tables } = this;
    const isDue = following <= by && (hasUnstored(tables) || hasForgotten(tables));
    return isDue ? following : Number.POSITIVE_INFINITY;
  }
}
