/** Which use of an idempotency key: each application has its own keys. */
export interface IdempotencyKey {
  readonly applicationId: string;
  /** See `hashKey`. */
  readonly keyHash: string;
}

/** What is known of an idempotency key that was used. Times are epoch milliseconds. */
export type KeyRecord = PendingKey | AnsweredKey;

interface Used {
  /** Grows by one with each stored change and guards it. */
  readonly revision: number;
  /** Of what was posted first; see `hashRequest`. */
  readonly requestHash: string;
}

/** A request is working on it, or died over it. */
export interface PendingKey extends Used {
  readonly kind: 'pending';
  /** Which request holds it. */
  readonly claimId: string;
  /** After this its holder cannot be at work any more. */
  readonly leaseUntil: number;
  /** The ids of the events that were posted, in order: whoever takes over makes the same events. */
  readonly eventIds: readonly string[];
}

export interface AnsweredKey extends Used {
  readonly kind: 'answered';
  /** The body of the 202 that the first request got. */
  readonly answer: string;
}

/** How long an answer is kept, from the last change on. */
export const keyLifetime = 24 * 60 * 60_000;

// The ingest function ends after 29 s at the latest; the rest is for clocks that differ.
export const keyLease = 40_000;

export const answered = ({ revision, requestHash }: PendingKey, answer: string): AnsweredKey => ({
  kind: 'answered',
  revision: revision + 1,
  requestHash,
  answer,
});

/** Lets the next request take over at once. Only for a holder that has nothing under way any more. */
export const released = (held: PendingKey): PendingKey => ({
  ...held,
  revision: held.revision + 1,
  leaseUntil: 0,
});
