/** How many of each an application may have at once. */
export interface Limits {
  readonly endpoints: number;
  readonly eventTypes: number;
}

/** What is counted. */
export type Limited = keyof Limits;

/**
 * What applies where neither the deployment nor an operator says otherwise.
 *
 * A hundred thousand endpoints take 40 to 250 MB where ingest holds routes, which is a quarter of its memory: the
 * simple ones fit into the default. More than ten thousand event types are ids that somebody took for types.
 */
export const defaultLimits: Limits = { endpoints: 100_000, eventTypes: 10_000 };

/** The most that can be asked for: what an ingest function could still hold with more memory. */
export const largestLimit = 1_000_000;

/** The limits of an application: its own where an operator gave it some. */
export const limitsOf = (application: { readonly limits?: Partial<Limits> }, defaults: Limits): Limits => ({
  endpoints: application.limits?.endpoints ?? defaults.endpoints,
  eventTypes: application.limits?.eventTypes ?? defaults.eventTypes,
});
