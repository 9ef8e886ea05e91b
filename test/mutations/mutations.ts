import * as api from './api.ts';
import * as attempts from './attempts.ts';
import * as circuit from './circuit.ts';
import { commandIsCareful } from './command.ts';
import * as content from './content.ts';
import { oncePerEndpoint } from './fan-out.ts';
import { filterCost } from './filters.ts';
import { onceForAKey } from './idempotency.ts';
import { interleaving } from './interleaving.ts';
import { isolation } from './isolation.ts';
import { limitsHold } from './limits.ts';
import { localRunIsSafe } from './local-run.ts';
import { loopsEnd } from './loops.ts';
import type { Mutation } from './mutation.ts';
import { nothingLost } from './nothing-lost.ts';
import * as rateLimit from './rate-limit.ts';
import * as removal from './removal.ts';
import * as restarts from './restarts.ts';
import * as secrets from './secrets.ts';
import { oddReceivers } from './sender.ts';
import { countedOnce } from './statistics.ts';

const several = [api, attempts, circuit, content, rateLimit, removal, restarts, secrets];

/** All changes of the source that `npm run mutate` makes, one at a time; a test must fail after each. */
export const mutations: readonly Mutation[] = [
  ...[
    nothingLost,
    interleaving,
    isolation,
    commandIsCareful,
    onceForAKey,
    limitsHold,
    localRunIsSafe,
    loopsEnd,
    oncePerEndpoint,
    filterCost,
    oddReceivers,
    countedOnce,
  ].flat(),
  ...several.flatMap((promises) => Object.values(promises).flat()),
];
