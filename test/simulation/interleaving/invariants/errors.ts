import { Problem } from '#core/problem/problem.ts';
import { VersionConflict } from '#core/problem/store-errors.ts';
import { Death, Trouble } from '../../plant/faults.ts';
import type { Invariant, World } from '../world.ts';

const ours = [Death, Trouble, VersionConflict];
// An endpoint may be deleted at any time.
const known = [/was deleted while its delivery reserved a slot/];

/** Functions fail only because of what was done to them. */
export function onlyKnownErrors({ plant, violated }: World): Invariant {
  let seen = 0;
  return {
    onHandled() {
      for (; seen < plant.errors.length; seen += 1) {
        const error = plant.errors[seen];
        if (!isKnown(error)) violated(`a function failed with ${String(error)}`);
      }
    },
  };
}

function isKnown(error: unknown): boolean {
  if (ours.some((kind) => error instanceof kind)) return true;
  if (error instanceof Problem) return error.status >= 500;
  return error instanceof Error && known.some((text) => text.test(error.message));
}
