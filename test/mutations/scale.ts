import type { Mutation } from './mutation.ts';

const nothingLost = '1: nothing accepted is lost';
const countedOnce = 'statistics: every change counts once';
const bounded = 'tenants: limits and rates hold';
const isolation = '6: isolation';
const oncePerEndpoint = 'fan-out: each endpoint once, whatever crashes';
const fanOut = (name: string) => ({
  file: 'test/simulation/fan-out.test.ts',
  name: `the fan-out of a wide event > ${name}`,
});
const rateLimit = 'rate limit: never more than it and one in any second';
const stopped = 'rate limit: a pause stops what waits for its place';
const filterCost = 'filters: an event is tried within a bound, and dear filters take nothing from others';
const filtersOf = (name: string) => ({ file: 'test/unit/filter-cost.test.ts', name });

/** What holds when there is much of something. */
export const scaleMutations: readonly Mutation[] = [
  {
    promise: isolation,
    breaks: 'what one endpoint makes due keeps the deliveries of others waiting',
    file: 'lambdas/scheduler/pages.ts',
    old: 'const ordered = inTurns(items);',
    new: 'const ordered = items;',
    test: {
      file: 'test/unit/scheduler-tick.test.ts',
      name: 'more than one tick has time for > of an endpoint that is flooded keeps nobody else waiting',
    },
  },
  {
    promise: isolation,
    breaks: 'a few endpoints with much to end take the whole tick',
    file: 'lambdas/scheduler/tick.ts',
    old: 'if (ports.now() < turnEnds) return ports.hasTime();',
    new: 'if (ports.now() > 0) return ports.hasTime();',
    test: {
      file: 'test/unit/scheduler-tick.test.ts',
      name: 'more than one tick has time for > does not keep others from their turn',
    },
  },
  {
    promise: isolation,
    breaks: 'whoever posts after a very wide event waits behind all of it',
    file: 'lambdas/core/delivery/dispatch.ts',
    old: 'isVeryWide(event) ? event.applicationId : endpoint.endpointId',
    new: 'endpoint.endpointId',
    test: {
      file: 'test/unit/dispatch-groups.test.ts',
      name: 'the fairness groups of deliveries > keep an event',
    },
  },
  {
    promise: bounded,
    breaks: 'a batch of wide events fills the function',
    file: 'lambdas/ingest/accept.ts',
    old: 'createLanes(wideAtATime)',
    new: 'createLanes(1_000)',
    test: {
      file: 'test/unit/accept.test.ts',
      name: 'accepting events > stores what the wide events of a batch',
    },
  },
  {
    promise: countedOnce,
    breaks: 'a batch that comes again after a crash is counted twice',
    file: 'lambdas/core/stats/rollup.ts',
    old: 'if (!known.has(change.fingerprint)) fresh.set',
    new: 'fresh.set',
    test: { file: 'test/unit/rollup-batch.test.ts', name: 'a batch of changes > is counted once' },
  },
  {
    promise: countedOnce,
    breaks: 'a retry counts the attempts before it again',
    file: 'lambdas/core/stats/contribution.ts',
    old: '.filter((attempt) => !known.has(identityOf(attempt)))',
    new: '.filter((attempt) => !known.has(String(attempt)))',
    test: {
      file: 'test/unit/stats-rollup.test.ts',
      name: 'what a stored change adds > is the attempts that the old image has not',
    },
  },
  {
    promise: countedOnce,
    breaks: 'changes are acknowledged whose roll-up was not written',
    file: 'lambdas/rollup/batch.ts',
    old: 'failed = Math.min(failed, group.first);',
    new: '',
    test: { file: 'test/unit/rollup-batch.test.ts', name: 'a batch of changes > comes again from the first' },
  },
  {
    promise: countedOnce,
    breaks: 'what another shard counted meanwhile is overwritten',
    file: 'lambdas/rollup/batch.ts',
    old: 'if (next === undefined || (await ports.store(key, next))) return;',
    new: 'if (next === undefined || [await ports.store(key, next)]) return;',
    test: { file: 'test/unit/rollup-batch.test.ts', name: 'a batch of changes > adds to what another shard' },
  },
  {
    promise: bounded,
    breaks: 'creations that come at once pass the limit together',
    file: 'lambdas/adapters/dynamodb/config/places.ts',
    old: 'equal: { ...before, id: applicationId, removing: undefined }',
    new: 'equal: { id: applicationId, removing: undefined }',
    test: {
      file: 'test/contract/limits.test.ts',
      name: 'the limit of event types > is kept by the same steps',
    },
  },
  {
    promise: bounded,
    breaks: 'a deleted endpoint keeps its place',
    file: 'lambdas/adapters/dynamodb/config/endpoint-plans.ts',
    old: '    ...counts,\n    // What is held',
    new: '    // What is held',
    test: { file: 'test/contract/limits.test.ts', name: 'the limit of endpoints > has a place again' },
  },
  {
    promise: bounded,
    breaks: 'small endpoints are made large, until functions die of their routes',
    file: 'lambdas/adapters/dynamodb/config/endpoint-plans.ts',
    old: 'routes ? { routeBytes: bytesOf(route) - bytesOf(routedNow(standing)) } : {}',
    new: '{}',
    test: { file: 'test/contract/limits.test.ts', name: 'the room for routes > is asked for by changes' },
  },
  {
    promise: bounded,
    breaks: 'a function spends what it leased again and again',
    file: 'lambdas/ingest/admission.ts',
    old: '    lease.left -= events;',
    new: '',
    test: { file: 'test/unit/rate.test.ts', name: 'a rate > is never exceeded by more than a burst' },
  },
  {
    promise: bounded,
    breaks: 'a counter that is away refuses events',
    file: 'lambdas/ingest/admission.ts',
    old: '        ports.troubled(error);\n        return;',
    new: '        throw error;',
    test: { file: 'test/unit/rate.test.ts', name: 'a rate > lets events through while its counter is away' },
  },
  {
    promise: oncePerEndpoint,
    breaks: 'a fan-out that crashed begins anew',
    file: 'lambdas/fan-out/segment.ts',
    old: 'let portion = nextPortion(standing, endpoints.length);',
    new: 'let portion = nextPortion(standing && { ...standing, done: 0 }, endpoints.length);',
    test: fanOut('sends no more than one portion twice'),
  },
  {
    promise: oncePerEndpoint,
    breaks: 'two functions fan the same segment out at once',
    file: 'lambdas/fan-out/segment.ts',
    old: '  if (standing !== undefined && standing.until > ports.now()) return { busyUntil: standing.until };\n',
    new: '',
    test: fanOut('is left to the one that is at it'),
  },
  {
    promise: rateLimit,
    breaks: 'what comes too late for its place goes all the same, and becomes a burst',
    file: 'lambdas/core/delivery/decide.ts',
    old: '  return now > dueTime(delivery) + lateBy\n',
    new: '  return lost > 1_000\n',
    test: {
      file: 'test/unit/rate-limit.test.ts',
      name: 'given an endpoint with a rate limit > a place is used',
    },
  },
  {
    promise: rateLimit,
    breaks: 'what its function waited too long for goes all the same',
    file: 'lambdas/deliver/turn.ts',
    old: 'if (ports.now() <= next.attemptAt + lateBy)',
    new: 'if (ports.now() > 0)',
    test: {
      file: 'test/simulation/rate-limit.test.ts',
      name: 'whatever comes, fails, is late and has a wrong clock > no second',
    },
  },
  {
    promise: bounded,
    breaks: 'tests of endpoints that hang may take all functions of the API',
    file: 'lambdas/adapters/dynamodb/config/test-pause.ts',
    old: "return isInTime ? 'begun' : 'application-too-fast';",
    new: "return isInTime ? 'begun' : 'begun';",
    test: {
      file: 'test/contract/control-endpoint-test.test.ts',
      name: 'POST /api/endpoints/{id}/test > makes five at once',
    },
  },
  {
    promise: stopped,
    breaks: 'what waits for its place goes to an endpoint that was paused meanwhile',
    file: 'lambdas/deliver/turn.ts',
    old: "if (record?.state.status !== 'active') return false;",
    new: 'if (record === undefined) return false;',
    test: {
      file: 'test/simulation/rate-limit.test.ts',
      name: 'an endpoint with a rate limit that stops taking deliveries > as it is paused',
    },
  },
  {
    promise: rateLimit,
    breaks: 'what is released late keeps its place, and all of it goes at once',
    file: 'lambdas/core/delivery/decide.ts',
    old: "'slot' in state && dueAt === state.dueAt ?",
    new: "'slot' in state ?",
    test: {
      file: 'test/simulation/rate-limit.test.ts',
      name: 'an endpoint with a rate limit of 5 a second > has what is further away',
    },
  },
  {
    promise: rateLimit,
    breaks: 'high limits leave no room for clocks that differ',
    file: 'lambdas/core/delivery/rate-limit.ts',
    old: '  Math.max(1_000 / perSecond, (1_000 + lateBy + skew) / (perSecond + 1));',
    new: '  1_000 / perSecond + 0 * skew;',
    test: { file: 'test/unit/rate-limit.test.ts', name: 'the line of an endpoint > gives no second more' },
  },
  {
    promise: rateLimit,
    breaks: 'a flood waits behind the line of a limit that is no more',
    file: 'lambdas/core/delivery/rate-limit.ts',
    old: '  return line.perSecond !== perSecond && line.asOf < asOf;',
    new: '  return false;',
    test: {
      file: 'test/simulation/rate-limit.test.ts',
      name: 'an edit of the rate limit > to a higher one',
    },
  },
  {
    promise: oncePerEndpoint,
    breaks: 'what an interrupted fan-out may have sent is sent again without a look at the item',
    file: 'lambdas/fan-out/segment.ts',
    old: 'const isFirst = !portion.isRepeat && ',
    new: 'const isFirst = ',
    test: fanOut('makes no second request when it fails'),
  },
  {
    promise: rateLimit,
    breaks: 'two who ask at the same time get the same place',
    file: 'lambdas/adapters/dynamodb/config/rate-line-store.ts',
    old: "UpdateExpression: 'SET rateNext = rateNext + :taken',",
    new: "UpdateExpression: 'SET rateNext = :now + :taken',",
    test: { file: 'test/contract/rate-line-store.test.ts', name: 'a stored line > gives each of fifty' },
  },
  {
    promise: filterCost,
    breaks: 'an old filter searches a large event for seconds',
    file: 'lambdas/core/filters/compile.ts',
    old: '      budget.spendOnSearch(source, expression, actual.length);',
    new: '      budget.spend(1);',
    test: filtersOf('what an event may cost > leaves out an old filter'),
  },
  {
    promise: filterCost,
    breaks: 'an expression that is too dear for one event is saved',
    file: 'lambdas/core/filters/validate.ts',
    old: '      if (steps > left) return [tooCostly(value, path, steps, left)];',
    new: '',
    test: filtersOf('saving a filter > refuses the expression a[ab]{900}[cd]'),
  },
  {
    promise: filterCost,
    breaks: 'an endpoint whose filter is cheap goes without an event since others took all steps',
    file: 'lambdas/core/filters/trial.ts',
    old: '  for (let allowance = first * growth; open.length > 0; allowance *= growth) {',
    new: '  for (let allowance: number = filterLimits.steps; open.length > 0; allowance *= growth) {',
    test: filtersOf('what an event may cost > takes nothing from cheap filters for dear ones'),
  },
  {
    promise: nothingLost,
    breaks: 'an event is accepted while nobody knows whether an endpoint wants it',
    file: 'lambdas/core/routing/routing-cache.ts',
    old: '          throw undecided(endpointIds.length);',
    new: '          undecided(endpointIds.length);',
    test: {
      file: 'test/unit/routing-cache.test.ts',
      name: 'routes that take too long > refuse the event',
    },
  },
  {
    promise: filterCost,
    breaks: 'an endpoint is left out, and nobody is told',
    file: 'lambdas/core/routing/routing-index.ts',
    old: '    if (undecided.length > 0) onUndecided(undecided.map(({ match }) => match.endpointId));',
    new: '',
    test: filtersOf('what an event may cost > leaves out an old filter'),
  },
  {
    promise: bounded,
    breaks: 'a budget is never paid for',
    file: 'lambdas/adapters/dynamodb/events/token-budget-store.ts',
    old: "? 'u > :now AND u <= :mayOwe'",
    new: "? 'u > :now AND :mayOwe = :mayOwe'",
    test: {
      file: 'test/contract/token-budget-store.test.ts',
      name: 'a budget in the event table > gives each event once',
    },
  },
  {
    promise: rateLimit,
    breaks: 'two who ask at the same time get the same place',
    file: 'lambdas/adapters/dynamodb/config/rate-line-store.ts',
    old: "UpdateExpression: 'SET rateNext = rateNext + :taken',",
    new: "UpdateExpression: 'SET rateNext = :now + :taken',",
    test: { file: 'test/contract/rate-line-store.test.ts', name: 'a stored line > gives each of fifty' },
  },
  {
    promise: bounded,
    breaks: 'an endpoint is looked up by each value of a list under each of its types',
    file: 'lambdas/core/routing/route-heap.ts',
    old: 'const mostLookups = 1_000;',
    new: 'const mostLookups = 10_000;',
    test: {
      file: 'test/unit/routing-index.test.ts',
      name: 'the routing index > takes no more memory for one endpoint than its filter could',
    },
  },
  {
    promise: bounded,
    breaks: 'functions that find a budget empty ask for every event',
    file: 'lambdas/ingest/admission.ts',
    old: '    else missed(lease);',
    new: '',
    test: {
      file: 'test/simulation/rate-crowd.test.ts',
      name: 'a rate that many functions share > is given whole and no more when 3000',
    },
  },
];
