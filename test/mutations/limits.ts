import { breaking } from './mutation.ts';

export const limitsHold = breaking('applications: limits and rates hold', [
  {
    breaks: 'a batch of wide events fills the memory of the function',
    symbol: 'acceptEvents',
    from: 'createLanes(wideAtATime)',
    to: 'createLanes(1_000)',
    test: 'accepting events > stores the segments of wide events',
  },
  {
    breaks: 'things that are created at the same time pass the limit together',
    symbol: 'countSteps',
    from: '{ ...before, id: applicationId, removing: undefined }',
    to: '{ id: applicationId, removing: undefined }',
    test: 'the limit of event types > is kept by the same steps',
  },
  {
    breaks: 'a deleted endpoint still counts towards the limit',
    symbol: 'planRemoval',
    from: 'counts?.steps ?? []',
    to: '[]',
    test: 'the limit of endpoints > has a place again',
  },
  {
    breaks: 'updates make small endpoints large until the routes fill the memory of functions',
    symbol: 'planUpdate',
    from: 'routes ? useOf(route, routedNow(standing)) : {}',
    to: '{}',
    test: 'the memory for routes > limits changes that need more of it',
  },
  {
    breaks: 'a function spends the events that it leased again and again',
    symbol: 'createRateLimiter',
    from: 'lease.left -= events;',
    to: '',
    test: 'a rate > is never exceeded by more than a burst',
  },
  {
    breaks: 'events are refused while the counter is unavailable',
    symbol: 'createRateLimiter',
    from: 'ports.onError(error); return;',
    to: 'throw error;',
    test: 'a rate > lets events through while its counter is unavailable',
  },
  {
    breaks: 'functions that find a budget empty ask for every event',
    symbol: 'createRateLimiter.refill',
    from: 'else pauseAfterMiss(lease);',
    to: '',
    test: 'a rate that many functions share > is given whole and no more when 3000',
  },
  {
    breaks: 'a budget is given out without limit',
    symbol: 'token-budget-store.take',
    from: "'u > :now AND u <= :mayOwe'",
    to: "'u > :now AND :mayOwe = :mayOwe'",
    test: 'the budget of a token in the engine > gives each event once',
  },
  {
    breaks: 'tests of endpoints that hang may take all functions of the API',
    symbol: 'createBeginTest',
    from: "applied ? 'begun' : 'application-too-fast'",
    to: "applied ? 'begun' : 'begun'",
    test: 'POST /api/endpoints/{id}/test > allows five tests at once for an application',
  },
  {
    breaks: 'the index holds an endpoint for each value of a list under each of its types',
    symbol: 'mostLookups',
    from: '1_000',
    to: '10_000',
    test: 'the routing index > takes no more memory for one endpoint than its filter could',
  },
]);
