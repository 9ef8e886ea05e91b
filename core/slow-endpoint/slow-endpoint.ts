/** Milliseconds without an answer after which an endpoint is suspect: slow, if not dead. */
export const suspectAfter = 1_000;

// Long enough that an endpoint with some traffic is found out once a minute, short enough that one which was
// slow by chance is soon treated like any other.
const suspectFor = 60_000;
// Renewed only near its end: whoever sees a mark that lasts writes nothing, so that a slow endpoint costs a write
// in most of a minute and not one for each delivery.
const renewedBefore = 15_000;

/** One conditional write: nothing changes where a mark lasts beyond `ifBefore`. Times are epoch milliseconds. */
export interface SuspectMark {
  readonly until: number;
  readonly ifBefore: number;
}

/** @param until of the endpoint's mark, epoch milliseconds; undefined for one that was never suspect */
export const isSuspect = (until: number | undefined, now: number): boolean =>
  until !== undefined && now < until;

/** The mark to make of an endpoint that has not answered; undefined while the one that stands is good for longer. */
export function suspectMark(until: number | undefined, now: number): SuspectMark | undefined {
  const ifBefore = now + renewedBefore;
  return until !== undefined && until > ifBefore ? undefined : { until: now + suspectFor, ifBefore };
}

/** Milliseconds between two looks at who waits while a request hangs. */
export const lookEvery = 5_000;

// What a poller takes at one go: fewer are not waiting for a place but on their way to one.
const oneBatch = 10;

/**
 * Whether a request that hangs gives up its place, since deliveries wait for one. Whoever waits at a second look is
 * held up for real, and one is enough: a message on its way is gone in milliseconds. That the first message of a
 * busy queue may be taken for one that waits costs little, since an endpoint gets that far about once a minute; after
 * that it is suspect.
 *
 * @param looks how often was looked, this time included
 */
export const givesWay = (waiting: number, looks: number): boolean => waiting >= (looks === 1 ? oneBatch : 1);
