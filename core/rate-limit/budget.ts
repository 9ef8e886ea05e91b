/**
 * What may be taken from a budget that several functions share. Its state is one number: the time until which all that
 * was taken is paid for. Taking moves it on. Times are epoch microseconds; units are events, bytes or requests.
 */
export interface Budget {
  /** How many units pass in its time: what it is called by. */
  readonly limit: number;
  /** A function leases at least this many units at a time, so that a write pays for several. */
  readonly leastLease: number;
  /** A function leases at most this many units at a time, unless one request needs more. */
  readonly mostLeased: number;
  /** Nothing that is paid for earlier counts any more. */
  from(now: number): number;
  /** The time that these units take, rounded up, so that they never pass too fast. */
  costOf(units: number): number;
  /** The latest time until which the budget may be paid, if these units are to be taken now. */
  mayOweUntil(units: number, now: number): number;
  /** When these units can be taken, if no other function takes any. */
  availableAt(paidUntil: number, units: number, now: number): number;
  /** How many units can be taken now. */
  roomIn(paidUntil: number, now: number): number;
}
