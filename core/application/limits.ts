/** How many endpoints and event types an application may have. */
interface CountLimits {
  readonly endpoints: number;
  readonly eventTypes: number;
}

/** What an operator limits of an application. */
export interface Limits extends CountLimits {
  /** Events that it may post, over all its tokens. */
  readonly eventsPerSecond: number;
  /** Bytes of the bodies in which it posts events, for each day (UTC), over all its tokens. */
  readonly bytesPerDay: number;
}

/** The limits of what is stored, and the memory that functions have for routes. */
export interface Bounds extends CountLimits {
  /** Bytes of memory for the routes of an application, as `routeHeap` estimates them. */
  readonly routeBytes: number;
}

/** A countable limit. */
export type Limited = keyof Bounds;

/** What is counted of an application: what is limited, and the steps of the filters of all its endpoints. */
export type Counted = Limited | 'filterSteps';

/**
 * The limits if neither the deployment nor an operator sets others.
 *
 * Few products have a customer with more endpoints, and each multiplies the requests that an event leads to. The routes of
 * 100,000 endpoints still fit into the default memory of ingest, if they are simple.
 * An application with more than 10,000 event types probably uses ids as types.
 */
export const defaultLimits: Limits = {
  endpoints: 1_000,
  eventTypes: 10_000,
  eventsPerSecond: 1_000,
  bytesPerDay: 10_000_000_000,
};

/** The least `bytesPerDay`: one request has at most 5 MiB, and must not be refused every day. */
export const leastBytesPerDay = 10_000_000;
export const mostBytesPerDay = 1_000_000_000_000_000;

const mebibyte = 1024 * 1024;

/**
 * Bytes that the routes of one application may take of a function's memory: half of it, because a function that loads or
 * packs routes holds their text as well.
 *
 * @param memory MB
 */
export const routeBytesIn = (memory: number): number => (memory * mebibyte) / 2;

/** The bounds of a deployment with default settings. */
export const defaultBounds: Bounds = {
  endpoints: defaultLimits.endpoints,
  eventTypes: defaultLimits.eventTypes,
  routeBytes: routeBytesIn(512),
};

/** The largest limit that can be set: an ingest function with more memory could still hold it. */
export const largestLimit = 1_000_000;

/** The limits of an application: those that an operator set, and the defaults for the rest. */
export const limitsOf = (application: { readonly limits?: Partial<Limits> }, defaults: Limits): Limits => ({
  endpoints: application.limits?.endpoints ?? defaults.endpoints,
  eventTypes: application.limits?.eventTypes ?? defaults.eventTypes,
  eventsPerSecond: application.limits?.eventsPerSecond ?? defaults.eventsPerSecond,
  bytesPerDay: application.limits?.bytesPerDay ?? defaults.bytesPerDay,
});

/** The limits of what an application stores, and the memory for routes, which is the same for all. */
export const boundsOf = (application: { readonly limits?: Partial<Limits> }, bounds: Bounds): Bounds => ({
  endpoints: application.limits?.endpoints ?? bounds.endpoints,
  eventTypes: application.limits?.eventTypes ?? bounds.eventTypes,
  routeBytes: bounds.routeBytes,
});
