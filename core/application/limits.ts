/** How many of each an application may have at once. */
export interface Limits {
  readonly endpoints: number;
  readonly eventTypes: number;
}

/** The same, and what the functions of a deployment have room for. */
export interface Bounds extends Limits {
  /** Bytes of memory that an application's routes may take, as `routeHeap` estimates them. */
  readonly routeBytes: number;
}

/** What is counted. */
export type Limited = keyof Bounds;

/**
 * What applies where neither the deployment nor an operator says otherwise.
 *
 * A hundred thousand endpoints take 40 to 250 MB where ingest holds routes, which is a quarter of its memory: the
 * simple ones fit into the default. More than ten thousand event types are ids that somebody took for types.
 */
export const defaultLimits: Limits = { endpoints: 100_000, eventTypes: 10_000 };

const mebibyte = 1024 * 1024;

/**
 * How much of a function's memory the routes of one application may take. While it loads or packs them it holds their
 * text beside them: with half of it, the worst that endpoints can be made of still fits.
 *
 * @param memory MB
 */
export const routeBytesIn = (memory: number): number => (memory * mebibyte) / 2;

/** Where nothing else is said; of the functions' default memory. */
export const defaultBounds: Bounds = { ...defaultLimits, routeBytes: routeBytesIn(512) };

/** The most that can be asked for: what an ingest function could still hold with more memory. */
export const largestLimit = 1_000_000;

/** The limits of an application: its own where an operator gave it some. */
export const limitsOf = (application: { readonly limits?: Partial<Limits> }, defaults: Limits): Limits => ({
  endpoints: application.limits?.endpoints ?? defaults.endpoints,
  eventTypes: application.limits?.eventTypes ?? defaults.eventTypes,
});

/** The same with what no operator can change for one application. */
export const boundsOf = (application: { readonly limits?: Partial<Limits> }, bounds: Bounds): Bounds => ({
  ...limitsOf(application, bounds),
  routeBytes: bounds.routeBytes,
});
