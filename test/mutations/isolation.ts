import { breaking } from './mutation.ts';

const hangingFlood = 'promise 6: isolation > an endpoint with a flood that hangs';

export const isolation = breaking('6: isolation', [
  {
    breaks: 'a slow endpoint goes on to use the functions that others need',
    symbol: 'messageReceived',
    from: 'if (fact.divert) return divert;',
    to: '',
    test: hangingFlood,
  },
  {
    breaks: 'no endpoint is ever found to be slow',
    symbol: 'watchedRequest.time',
    from: 'isSlow = true; mark();',
    to: '',
    test: 'promise 6: isolation > an endpoint with a flood that is slow',
  },
  {
    breaks: 'endpoints that are far away are slow because of DNS, TCP and TLS',
    symbol: 'watchedRequest',
    from: 'time(unsentSlowAfter)',
    to: 'time(slowAfter)',
    test: 'an endpoint is slow > not because of DNS, TCP and TLS',
  },
  {
    breaks: 'endpoints that cannot be reached keep the functions that others need',
    symbol: 'watchedRequest',
    from: 'time(unsentSlowAfter)',
    to: '() => undefined',
    test: 'an endpoint is slow > when the request could not be sent for five seconds',
  },
  {
    breaks: 'requests that hang keep their functions while other deliveries wait',
    symbol: 'watchedRequest.check',
    from: 'if (shouldPreempt(waiting, checks)) preempt.abort(); else checkLater();',
    to: 'if (waiting < 0) checkLater();',
    test: hangingFlood,
  },
  {
    breaks: 'requests that hang are cut off though no other delivery waits',
    symbol: 'shouldPreempt',
    from: 'waiting >= (checks === 1 ? oneBatch : 1)',
    to: 'checks >= 1',
    test: 'promise 6: isolation > a hanging endpoint with few deliveries',
  },
  {
    breaks: 'deliveries that wait for a rate limit use the functions that first attempts need',
    symbol: 'patienceOf',
    from: 'Math.min(1_000, mostWaitingAmongOthers * slotInterval(perSecond))',
    to: '30_000',
    test: 'promise 6: isolation > one with a rate limit of 50 a second',
  },
  {
    breaks: 'what is due for one endpoint keeps the deliveries of others waiting',
    symbol: 'throughPages',
    from: 'inFairOrder(items)',
    to: 'items',
    test: 'more work than one tick has time for > of an endpoint that is flooded does not delay',
  },
  {
    breaks: 'a few endpoints with much to end take the whole tick',
    symbol: 'timeSlice.hasTime',
    from: 'ports.now() < end',
    to: 'ports.now() > 0',
    test: 'more work than one tick has time for > does not keep other entries waiting',
  },
  {
    breaks: 'an event that is posted after a very wide one waits behind all deliveries of that one',
    symbol: 'queueOrHold',
    from: 'isVeryWide(event) ? event.applicationId : endpoint.endpointId',
    to: 'endpoint.endpointId',
    test: 'the fairness groups of deliveries > keep an event',
  },
]);
