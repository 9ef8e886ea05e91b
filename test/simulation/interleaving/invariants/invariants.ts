import type { Invariant, World } from '../world.ts';
import { requestsAreAttempts } from './attempts.ts';
import { oneEventOpensNoCircuit } from './circuits.ts';
import { endsHaveConsequences } from './consequences.ts';
import { neverEarly } from './early.ts';
import { endsOnce, everyDeliveryEnds } from './ends.ts';
import { onlyKnownErrors } from './errors.ts';
import { oneGenerationPerRestart } from './generations.ts';
import { outagesOnlyDelay } from './outages.ts';
import { oneProbe } from './probe.ts';
import { restartsAreQueued } from './restarts.ts';
import { tasksEnd } from './tasks.ts';
import { nothingUnwatched } from './watched.ts';

/** All that must hold in every life, by name. */
export const invariants: Readonly<Record<string, (world: World) => Invariant>> = {
  everyDeliveryEnds,
  endsOnce,
  endsHaveConsequences,
  neverEarly,
  requestsAreAttempts,
  oneProbe,
  oneGenerationPerRestart,
  nothingUnwatched,
  tasksEnd,
  restartsAreQueued,
  outagesOnlyDelay,
  oneEventOpensNoCircuit,
  onlyKnownErrors,
};
