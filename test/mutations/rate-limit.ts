import { breaking } from './mutation.ts';

export const rateKept = breaking('rate limit: never more than it and one in any second', [
  {
    breaks: 'a delivery that comes too late for its slot goes all the same, and deliveries become a burst',
    symbol: 'messageReceived',
    from: 'now > at + lateBy',
    to: 'slot.lost > 1_000',
    test: 'given an endpoint with a rate limit > a slot is used',
  },
  {
    breaks: 'a delivery goes all the same when its function waited beyond its slot',
    symbol: 'awaitSlot',
    from: 'ports.now() <= at + lateBy',
    to: 'ports.now() > 0',
    test: 'whatever comes, fails, is late and has a wrong clock > no second',
  },
  {
    breaks: 'deliveries that are released late keep their slots, and all of them go at once',
    symbol: 'released',
    from: "'slot' in state && dueAt === state.dueAt",
    to: "'slot' in state",
    test: 'an endpoint with a rate limit of 5 a second > holds in the table what waits',
  },
  {
    breaks: 'high limits leave no room for clocks that differ',
    symbol: 'slotInterval',
    from: 'Math.max(1_000 / perSecond, (1_000 + lateBy + skew) / (perSecond + 1))',
    to: '1_000 / perSecond + 0 * skew',
    test: 'the slots of an endpoint > gives no second more',
  },
  {
    breaks: 'deliveries wait for the slots of a limit that was replaced',
    symbol: 'beginsNow',
    from: 'slots.perSecond !== perSecond && slots.asOf < asOf',
    to: 'false',
    test: 'an edit of the rate limit > to a higher one',
  },
  {
    breaks: 'two deliveries that reserve at the same time get the same slot',
    symbol: 'slot-store.join',
    from: "'SET rateNext = rateNext + :taken'",
    to: "'SET rateNext = :now + :taken'",
    test: 'stored slots in the engine > give fifty callers',
  },
]);

export const pauseStops = breaking('rate limit: a pause stops what waits for its slot', [
  {
    breaks: 'a delivery that waits for its slot goes to an endpoint that was paused in between',
    symbol: 'stillTakes',
    from: "record?.state.status !== 'active'",
    to: 'record === undefined',
    test: 'an endpoint with a rate limit that stops taking deliveries > as it is paused',
  },
]);
