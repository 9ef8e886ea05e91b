import type { Place, Run } from './run.ts';
import { Seen } from './seen.ts';

/** Whether a value passes one keyword; reports to the run if not. */
export type Check = (value: unknown, run: Run, at: Place, seen: Seen | undefined) => boolean;

/** A compiled schema. Its checks are added later, because schemas may refer to each other. */
export interface Subschema {
  /** For the schemas `true` and `false`, which accept everything and nothing. */
  readonly fixed?: boolean;
  readonly checks: Check[];
  /** Checks that need to know what all others have evaluated. */
  readonly late: Check[];
}

/**
 * Whether a value passes a schema.
 *
 * @param into - gets the evaluated members, for a schema that applies to the same value as its caller's.
 * @throws OutOfSteps
 */
export function holds(schema: Subschema, value: unknown, run: Run, at: Place, into?: Seen): boolean {
  run.enter();
  const seen = run.tracks ? new Seen() : undefined;
  let valid = schema.fixed ?? true;
  if (!valid) run.refuse(at, value, 'nothing here: the schema is false');
  for (const check of schema.checks) {
    if (check(value, run, at, seen)) continue;
    valid = false;
    if (run.stopsEarly) break;
  }
  // If the schema does not hold, its evaluated members are not known, and late checks would mislead.
  if (valid) valid = schema.late.every((check) => check(value, run, at, seen));
  if (valid && seen !== undefined) into?.add(seen, run);
  run.leave();
  return valid;
}
