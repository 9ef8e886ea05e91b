/**
 * Milliseconds without an answer after which an endpoint is marked as slow, from the time when the whole request was sent.
 * DNS, TCP and TLS say how far away a receiver is, and not how long it takes.
 */
export const slowAfter = 1_000;

/**
 * Milliseconds after which an endpoint is marked as slow though the request was not sent: it cannot be reached, or does not
 * read, and occupies a function like one that does not answer. No distance takes that long.
 */
export const unsentSlowAfter = 5_000;

// Long enough that an endpoint with some traffic is found to be slow once a minute, short enough that an endpoint that was
// slow by chance soon counts as healthy again.
const slowFor = 60_000;
// A mark is renewed only near its end, so that a slow endpoint costs one write in 45 seconds, not one for each delivery.
const renewedBefore = 15_000;

/** One conditional write: nothing changes if the stored mark lasts beyond `ifBefore`. Times are epoch milliseconds. */
export interface SlowMark {
  readonly until: number;
  readonly ifBefore: number;
}

/** @param until of the endpoint's mark, epoch milliseconds; undefined for an endpoint that was never marked */
export const isSlow = (until: number | undefined, now: number): boolean => until !== undefined && now < until;

/** The mark to store for an endpoint that has not answered; undefined while the stored mark lasts long enough. */
export function slowMark(until: number | undefined, now: number): SlowMark | undefined {
  const ifBefore = now + renewedBefore;
  return until !== undefined && until > ifBefore ? undefined : { until: now + slowFor, ifBefore };
}

/** Milliseconds between two checks of the queue while a request has no answer. */
export const checkEvery = 5_000;

// A poller receives up to ten messages at once: fewer may be on their way to a function that is free.
const oneBatch = 10;

/**
 * Whether a request without an answer is cut off, because other deliveries wait for its function. At the second check one
 * waiting message is enough: a message on its way would be gone in milliseconds. If that takes the first message of a busy
 * queue for a waiting one, it costs little, because the endpoint is marked as slow by then.
 *
 * @param checks how many checks were made, this one included
 */
export const shouldPreempt = (waiting: number, checks: number): boolean =>
  waiting >= (checks === 1 ? oneBatch : 1);
