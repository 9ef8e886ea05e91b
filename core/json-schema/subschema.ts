import type { Place, Run } from './run.ts';
import { Seen } from './seen.ts';

/** Whether a value passes one keyword; reports to the run if not. */
export type Check = (value: unknown, run: Run, at: Place, seen: Seen | undefined) => boolean;

/** A compiled schema. Its checks come later than itself: schemas may refer to each other. */
export interface Subschema {
  /** Of `true` and `false`, which take everything and nothing. */
  readonly fixed?: boolean;
  readonly checks: Check[];
  /** Checks that ask what all others have seen. */
  readonly late: Check[];
}

/**
 * Whether a value passes a schema.
 *
 * @param into - takes what was seen, if the schema applies to the same value as the one that asks.
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
  // A schema that does not hold has seen nothing for certain: what these would say then misleads.
  if (valid) valid = schema.late.every((check) => check(value, run, at, seen));
  if (valid && seen !== undefined) into?.add(seen, run);
  run.leave();
  return valid;
}
