import { patternsCovering } from '#core/event/type-name.ts';
import { mostSteps } from '#core/filter/cost.ts';
import type { FilterLoad } from '#core/problem/store-errors.ts';
import type { Route } from './route.ts';
import { lookupOf } from './route-heap.ts';

/**
 * The steps that the filters of an application take at most for one event, and the pattern of the events that take them.
 * An endpoint that is looked up by a value counts only together with others of the same value.
 */
export function filterLoad(routes: readonly Route[]): FilterLoad {
  const byPattern = new Map<string, PatternLoad>();
  for (const route of routes) {
    if (route.cost === undefined) continue;
    for (const pattern of withoutCovered(route.patterns)) loadOf(byPattern, pattern).add(route);
  }
  const ofPattern = new Map([...byPattern].map(([pattern, load]) => [pattern, load.steps]));
  let most: FilterLoad = { pattern: '*', steps: 0 };
  for (const pattern of ofPattern.keys()) {
    const covering = patternsCovering(aTypeOf(pattern));
    const steps = covering.reduce((sum, one) => sum + (ofPattern.get(one) ?? 0), 0);
    if (steps > most.steps) most = { pattern, steps };
  }
  return most;
}

function loadOf(byPattern: Map<string, PatternLoad>, pattern: string): PatternLoad {
  const known = byPattern.get(pattern);
  if (known !== undefined) return known;
  const made = new PatternLoad();
  byPattern.set(pattern, made);
  return made;
}

class PatternLoad {
  #always = 0;
  /** By field, and by the value that it must have. */
  readonly #lookedUp = new Map<string, Map<unknown, number>>();

  add(route: Route): void {
    const { cost } = route;
    if (cost === undefined) return;
    const selector = lookupOf(route);
    if (selector === undefined) {
      this.#always += mostSteps(cost);
      return;
    }
    const byValue = this.#lookedUp.get(selector.field) ?? new Map<unknown, number>();
    this.#lookedUp.set(selector.field, byValue);
    for (const value of new Set(selector.values)) {
      byValue.set(value, (byValue.get(value) ?? 0) + mostSteps(cost));
    }
  }

  /** An event has one value in each field. A filter costs more than the look-up of its field. */
  get steps(): number {
    const lookedUp = [...this.#lookedUp.values()].map((byValue) => mostOf(byValue.values()));
    return lookedUp.reduce((sum, steps) => sum + steps, this.#always);
  }
}

function mostOf(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** A type, not a valid one, that is covered by what covers all types of the pattern. */
const aTypeOf = (pattern: string): string => (pattern.endsWith('*') ? pattern.slice(0, -1) : pattern);

/** An event meets an endpoint once, so of `order.*` and `order.created` the first says it all. */
function withoutCovered(patterns: readonly string[]): readonly string[] {
  const all = new Set(patterns);
  return patterns.filter(
    (pattern) => !patternsCovering(aTypeOf(pattern)).some((one) => one !== pattern && all.has(one)),
  );
}
