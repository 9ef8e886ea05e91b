import type { Metadata, Route } from './route.ts';
import { encodedSize } from './route-codec.ts';
import { type Selector, selectorOf } from './selector.ts';

// Measured heap: what an application takes that has no routes, what an entry takes, what each of its patterns takes at most (a bucket of its own), what
// each further value takes that an entry is looked up by under a pattern, and a filter, parsed and compiled, for each character of its JSON.
const heap = {
  application: 1_500,
  entry: 200,
  pattern: 450,
  lookup: 300,
  plainCharacter: 1,
  filterCharacter: 8,
} as const;

// Values times patterns: a list of a hundred under each of a hundred patterns would take megabytes for one endpoint, from
// a kilobyte of JSON. Such a one is tried for every event of its patterns instead.
const mostLookups = 1_000;

/** What a route is looked up by beside its patterns, if anything. */
export function lookupOf({ filters, patterns }: Route): Selector | undefined {
  const selector = selectorOf(filters);
  return selector !== undefined && selector.values.length * patterns.length <= mostLookups
    ? selector
    : undefined;
}

/** About how many bytes of memory a route takes in an index. */
export const routeHeap = (route: Route): number => heapWith(route, lookupOf(route));

/** The same for whoever knows what it is looked up by. */
export function heapWith(route: Route, selector: Selector | undefined): number {
  const perCharacter = route.filters === undefined ? heap.plainCharacter : heap.filterCharacter;
  const furtherValues = Math.max(0, (selector?.values.length ?? 0) - 1);
  const perPattern = heap.pattern + heap.lookup * furtherValues;
  return heap.entry + perPattern * route.patterns.length + perCharacter * encodedSize(route);
}

/** About how many bytes an index takes without any route. */
export const applicationHeap = (metadata: Metadata): number =>
  heap.application + heap.filterCharacter * JSON.stringify(metadata).length;
