/** An idempotency key. Each application has its own keys. */
export interface IdempotencyKey {
  readonly applicationId: string;
  /** See `hashKey`. */
  readonly keyHash: string;
}

/** The record of an idempotency key that was used. Times are epoch milliseconds. */
export type KeyRecord = PendingKey | AnsweredKey;

interface Used {
  /** Grows by one with each write, which is conditional on it. */
  readonly revision: number;
  /** Of the first request; see `hashRequest`. */
  readonly requestHash: string;
}

/** A request is working, or crashed. */
export interface PendingKey extends Used {
  readonly kind: 'pending';
  /** The request that has the claim. */
  readonly claimId: string;
  /** After this time the request cannot be working any more. */
  readonly leaseUntil: number;
  /** The ids of the events, in order, so that a request that takes over makes the same events. */
  readonly eventIds: readonly string[];
}

interface AnsweredKey extends Used {
  readonly kind: 'answered';
  /** The body of the 202 that the first request got. */
  readonly answer: string;
}

/** Milliseconds from the last write until the record expires. */
export const keyLifetime = 24 * 60 * 60_000;

// The ingest function ends after 29 s at the latest. The rest allows for clocks that differ.
export const keyLease = 40_000;

export const answered = ({ revision, requestHash }: PendingKey, answer: string): AnsweredKey => ({
  kind: 'answered',
  revision: revision + 1,
  requestHash,
  answer,
});

/** Lets the next request take over at once. No call of the holder may be running any more. */
export const released = (held: PendingKey): PendingKey => ({
  ...held,
  revision: held.revision + 1,
  leaseUntil: 0,
});
