import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { day, hour, minute, second } from '../plant/plant.ts';
import { type Act, drawActs } from './acts.ts';
import { type Behaviour, drawBehaviour } from './behaviour.ts';
import { Dice } from './dice.ts';
import { drawWeather, type WeatherPlan } from './weather-plan.ts';

interface PlannedEndpoint {
  readonly given: Partial<Endpoint>;
  readonly behaviour: Behaviour;
}

/** One request of a producer. Times are milliseconds after the start. */
export interface PlannedPost {
  readonly at: number;
  /** How many events; several go as a batch. */
  readonly events: number;
  readonly delay: number;
  readonly isLarge: boolean;
  readonly hasKey: boolean;
}

/** What happens in one life of the system, as the seed decides. Times are milliseconds after the start. */
export interface Story {
  readonly seed: number;
  readonly endpoints: readonly PlannedEndpoint[];
  readonly posts: readonly PlannedPost[];
  readonly acts: readonly Act[];
  readonly weather: WeatherPlan;
  readonly retentionDays: number;
  /** From then on nothing goes wrong any more, receivers answer well, and what was paused is resumed. */
  readonly calmAt: number;
}

const narrow = 3;
// One more than an event holds inline, so that it is fanned out.
const wide = 51;

export function drawStory(seed: number): Story {
  const dice = new Dice(seed);
  const kind = dice.chance(0.01) ? 'old' : dice.chance(0.1) ? 'long' : 'short';
  return kind === 'old' ? drawOldStory(seed, dice) : drawCommonStory(seed, dice, kind === 'long');
}

/** @param isLong hours, with long outages, instead of minutes */
function drawCommonStory(seed: number, dice: Dice, isLong: boolean): Story {
  const calmAt = isLong ? dice.between(3, 9) * hour : dice.between(5, 40) * minute;
  const isWide = dice.chance(0.01);
  const count = isWide ? wide : dice.between(1, narrow);
  const events = dice.between(1, isWide ? 2 : 6);
  return {
    seed,
    calmAt,
    endpoints: dice.many(count, () => drawEndpoint(dice, calmAt)),
    posts: dice.many(events, () => drawPost(dice, calmAt)),
    acts: drawActs(dice, { calmAt, endpoints: count, events }),
    weather: drawWeather(dice, calmAt, isLong),
    retentionDays: dice.chance(0.2) ? 1 : 30,
  };
}

/** A delivery that is redriven again and again, until its event is so old that it expires. */
function drawOldStory(seed: number, dice: Dice): Story {
  const calmAt = 26 * day;
  const endpoint = drawEndpoint(dice, hour);
  const between = dice.between(12, 22) * hour;
  return {
    seed,
    calmAt,
    endpoints: [
      {
        given: { ...endpoint.given, circuitBreaker: { enabled: false, threshold: 5, timeout: minute } },
        behaviour: { kind: 'down', from: 0, until: calmAt, status: 500 },
      },
    ],
    posts: [{ ...drawPost(dice, hour), events: 1 }],
    acts: dice.many(Math.floor(calmAt / between), (index) => ({
      ...{ at: (index + 1) * between, kind: 'redrive' as const, endpoint: 0, event: 0 },
    })),
    weather: { ...drawWeather(dice, calmAt, false), outages: [] },
    retentionDays: 1,
  };
}

function drawEndpoint(dice: Dice, calmAt: number): PlannedEndpoint {
  return {
    given: {
      retryConfig: {
        maxAttempts: dice.between(1, 5),
        strategy: dice.one(['fixed', 'exponential']),
        baseDelay: dice.one([second, 2 * second, 15 * second, 50 * second, 2 * minute, 10 * minute]),
        maxDelay: hour,
        jitter: dice.chance(0.5),
      },
      circuitBreaker: {
        enabled: dice.chance(0.7),
        threshold: dice.between(1, 3),
        timeout: dice.one([30 * second, minute, 4 * minute]),
      },
      timeout: dice.one([5 * second, 15 * second, 30 * second]),
      priority: dice.one(['normal', 'normal', 'high', 'low']),
      ...(dice.chance(0.2) ? { rateLimit: { perSecond: dice.between(1, 3) } } : {}),
    },
    behaviour: drawBehaviour(dice, calmAt),
  };
}

function drawPost(dice: Dice, calmAt: number): PlannedPost {
  return {
    // Most come together, because that is when they meet.
    at: dice.chance(0.6) ? dice.between(0, 5 * second) : dice.between(0, Math.min(calmAt, 20 * minute)),
    events: dice.chance(0.2) ? dice.between(2, 4) : 1,
    delay: dice.chance(0.1) ? dice.one([30 * second, 5 * minute, 20 * minute]) : 0,
    isLarge: dice.chance(0.05),
    hasKey: dice.chance(0.8),
  };
}
