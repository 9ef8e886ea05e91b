// The function ends after 29 s and API Gateway gives up after 30: what is not done in time is answered 503 by us,
// as nobody else would do it as problem+json.

/** Milliseconds from the start of a request until its events must be durable. */
export const acceptWithin = 20_000;

/** Milliseconds from the start of a request until all that it does must be over. */
export const endWithin = 25_000;

/** Milliseconds that a queue may take; what it did not confirm by then is held in the table, which takes time too. */
export const queueWithin = 6_000;

/** Milliseconds that a token's budget may take to answer; then its events are let through. */
export const rateWithin = 500;
