import { VersionConflict } from '#core/problem/store-errors.ts';

/** What came of storing an item if its revision still stands: it was stored, or another writer has changed it. */
export type Stored<State> = 'stored' | { readonly standing: State | undefined };

// Each lost race means that another writer changed the item. More than a few in one call point to a fault.
const mostRaces = 5;

/**
 * Decides, and stores the result if the revision that it was decided on still stands. Otherwise decides again on what
 * stands.
 *
 * @param what is changed, for the error
 * @param decide gets how many races were lost, from 0; a decision without `store` ends the transition
 * @returns the item as it stands then, and the last decision
 * @throws VersionConflict when other writers keep changing the item
 */
export async function transition<State, Decision extends { readonly store?: State }>(
  what: string,
  start: State | undefined,
  decide: (standing: State | undefined, races: number) => Decision,
  store: (next: State, decision: Decision) => Promise<Stored<State>>,
): Promise<{ readonly standing: State | undefined; readonly decision: Decision }> {
  let standing = start;
  for (let races = 0; races < mostRaces; races += 1) {
    const decision = decide(standing, races);
    if (decision.store === undefined) return { standing, decision };
    const outcome = await store(decision.store, decision);
    if (outcome === 'stored') return { standing: decision.store, decision };
    standing = outcome.standing;
  }
  throw new VersionConflict(`${what} was changed by other functions ${mostRaces} times in a row`);
}
