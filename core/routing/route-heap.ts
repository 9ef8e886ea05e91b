import type { Metadata, Route } from './route.ts';
import { encodedSize } from './route-codec.ts';
import { type Selector, selectorOf } from './selector.ts';

/** Measured heap in bytes. */
const heap = {
  /** An application without routes. */
  application: 1_500,
  entry: 200,
  /** Each pattern of an entry, if it needs a bucket. */
  pattern: 450,
  /** Each further value that an entry is looked up by under a pattern. */
  lookup: 300,
  /** Each character of a route's JSON. */
  plainCharacter: 1,
  /** Each character of JSON with a filter, which is parsed and compiled. */
  filterCharacter: 8,
} as const;

// Values times patterns. A hundred values under each of a hundred patterns would take megabytes for one endpoint, from a
// kilobyte of JSON. The filter of such an endpoint is evaluated for every event of its patterns instead.
const mostLookups = 1_000;

/** What a route is looked up by, besides its patterns; undefined when only by them. */
export function lookupOf({ filters, patterns }: Route): Selector | undefined {
  const selector = selectorOf(filters);
  return selector !== undefined && selector.values.length * patterns.length <= mostLookups
    ? selector
    : undefined;
}

/** About how many bytes of memory a route takes in an index. */
export const routeHeap = (route: Route): number => heapWith(route, lookupOf(route));

/** The same, when the selector is known. */
export function heapWith(route: Route, selector: Selector | undefined): number {
  const perCharacter = route.filters === undefined ? heap.plainCharacter : heap.filterCharacter;
  const furtherValues = Math.max(0, (selector?.values.length ?? 0) - 1);
  const perPattern = heap.pattern + heap.lookup * furtherValues;
  return heap.entry + perPattern * route.patterns.length + perCharacter * encodedSize(route);
}

/** About how many bytes an index takes without any route. */
export const applicationHeap = (metadata: Metadata): number =>
  heap.application + heap.filterCharacter * JSON.stringify(metadata).length;
