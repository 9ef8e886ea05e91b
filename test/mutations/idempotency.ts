import { breaking } from './mutation.ts';

export const onceForAKey = breaking('idempotency: one event for one key', [
  {
    breaks: 'a repeat after a crash makes new events',
    symbol: 'decideKey',
    from: '{ ...standing, revision',
    to: '{ ...standing, eventIds, revision',
    test: 'posting an event with a key > makes each event',
  },
  {
    breaks: 'a repeat after a crash queues first messages, which deliver sends without reading the delivery',
    symbol: 'acceptEvents',
    from: 'onItsWay(earlier, false)',
    to: 'onItsWay(earlier, true)',
    test: 'posting an event with a key > makes each event',
  },
  {
    breaks: 'a repeat after a crash matches an event again that is stored already',
    symbol: 'acceptEvents',
    from: 'repeat ?',
    to: 'false && repeat ?',
    test: 'posting a wide event with a key > keeps the endpoints',
  },
  {
    breaks: 'a key that is in use may be used again',
    symbol: 'decideKey',
    from: 'standing.leaseUntil > now',
    to: 'standing.leaseUntil > now + 1_000_000',
    test: 'doing it once > makes one of a hundred work',
  },
  {
    breaks: 'a request with another body gets the answer of the first',
    symbol: 'decideKey',
    from: "if (standing.requestHash !== requestHash) return { kind: 'reused' };",
    to: '',
    test: 'doing it once > refuses another body',
  },
  {
    breaks: 'a repeat on the original API with another time is answered as accepted, whether or not it was',
    symbol: 'acceptOnce',
    from: 'hashRequest(request.path, key)',
    to: 'hashRequest(request.path, request.body.content)',
    test: 'POST /api/v1/event > accepts an event_id once',
  },
]);
