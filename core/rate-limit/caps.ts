import type { Limits } from '#core/application/limits.ts';
import { Problem } from '#core/problem/problem.ts';
import { dayBudget } from './day.ts';
import type { Cap } from './limiter.ts';
import { cheapBudget, exactBudget, type Rate } from './rate.ts';

/** What the caps of a token need of it. */
interface RatedToken {
  readonly id: string;
  readonly rateLimit?: Rate;
}

/** The events of a token that has a rate. */
export function tokenCap({ id, rateLimit }: RatedToken): Cap | undefined {
  if (rateLimit === undefined) return undefined;
  const accepted = `at most ${rateLimit.perSecond} events a second`;
  return {
    key: id,
    budget: exactBudget(rateLimit),
    refusal: (events, wait) =>
      new Problem('rate_limited', {
        detail: `the token may post ${rateLimit.perSecond} events a second, and ${these(events)} would exceed that; ${again(wait)}`,
        ...{ accepted, headers: retryAfter(wait) },
      }),
  };
}

/** The events of an application, over all its tokens. */
export function eventRateCap(applicationId: string, { eventsPerSecond }: Limits): Cap {
  const accepted = `at most ${eventsPerSecond} events a second over all tokens of the application`;
  return {
    key: `EVENTS#${applicationId}`,
    budget: cheapBudget({ perSecond: eventsPerSecond }),
    refusal: (events, wait) =>
      new Problem('application_rate_limited', {
        detail:
          `the application may post ${eventsPerSecond} events a second over all its tokens, and ${these(events)} would ` +
          `exceed that; ${again(wait)}, or ask an operator to raise limits.eventsPerSecond`,
        ...{ accepted, headers: retryAfter(wait) },
      }),
  };
}

/** The bytes of the bodies that an application posts events in, over all its tokens. */
export function dailyBytesCap(applicationId: string, { bytesPerDay }: Limits): Cap {
  const accepted = `bodies of at most ${bytesPerDay} bytes in total for each day (UTC)`;
  return {
    key: `BYTES#${applicationId}`,
    budget: dayBudget(bytesPerDay),
    refusal: (bytes, wait) =>
      new Problem('daily_bytes_used', {
        detail:
          `the application may post ${bytesPerDay} bytes a day (UTC) over all its tokens, and the ${bytes} bytes of this ` +
          `body would exceed that; ${again(wait)}, or ask an operator to raise limits.bytesPerDay`,
        ...{ accepted, headers: retryAfter(wait) },
      }),
  };
}

/** The requests of a token that are not posted events. */
export function requestCap({ id }: Pick<RatedToken, 'id'>, rate: Rate): Cap {
  const accepted = `at most ${rate.perSecond} requests a second`;
  return {
    key: `REQUESTS#${id}`,
    budget: cheapBudget(rate),
    refusal: (_, wait) =>
      new Problem('request_rate_limited', {
        detail: `the token may make ${rate.perSecond} requests a second besides posting events; ${again(wait)}`,
        ...{ accepted, headers: retryAfter(wait) },
      }),
  };
}

const these = (events: number): string => (events === 1 ? 'this event' : `these ${events} events`);

const second = 1_000_000;
const seconds = (wait: number): number => Math.max(1, Math.ceil(wait / second));
const again = (wait: number): string => `try again in ${seconds(wait)} s`;
const retryAfter = (wait: number) => ({ 'retry-after': String(seconds(wait)) });
