// The function ends after 29 s, and API Gateway gives up after 30. A request that is not done in time gets a 503 from
// this function, because API Gateway's own answer would not be problem+json. All values are milliseconds.

/** From the start of a request until its events must be durable. */
export const acceptWithin = 20_000;

/** From the start of a request until all of its work must be over. */
export const endWithin = 25_000;

/** Time for a queue. Messages that it did not confirm are held in the table, which takes time too. */
export const queueWithin = 6_000;

/** Time for the counter of a token's rate. Then events are let through. */
export const rateWithin = 500;
