import { hour, minute, second } from '../plant/plant.ts';
import type { QueueName } from '../plant/queues.ts';
import type { Dice } from './dice.ts';

/** How a call goes wrong. */
const mishaps = [
  ...(['is refused', 'loses its answer', 'is asked again', 'dies before', 'dies after'] as const),
  /** It takes as long as the SDK waits for three answers, and then one of the above happens or it succeeds. */
  'is slow',
] as const;
export type Mishap = (typeof mishaps)[number];

/** Calls whose name contains the text go wrong in this time. Times are milliseconds after the start. */
interface Outage {
  readonly calls: string;
  readonly from: number;
  readonly until: number;
  readonly rate: number;
  readonly mishap: Mishap;
}

/** What goes wrong in one life. */
export interface WeatherPlan {
  /** How many of all calls go wrong, and how. */
  readonly rate: number;
  readonly kinds: readonly [Mishap, ...Mishap[]];
  readonly outages: readonly Outage[];
  /** When Lambda has no room for functions. */
  readonly throttled: { readonly from: number; readonly until: number };
  /** Milliseconds that a call takes, usually. */
  readonly callTime: number;
  /** How many invocations run at once, and how many messages each gets. */
  readonly atOnce: number;
  readonly batchSize: number;
  /** How many messages the queues repeat, and pollers, and how many come in another order. */
  readonly repeated: number;
  readonly pollerRepeats: number;
  readonly reordered: number;
  /** Milliseconds by which a queue is late at most. */
  readonly lateness: number;
  /** Milliseconds by which a clock is wrong at most. */
  readonly skew: number;
  /** How many reads that need not be consistent are stale, and by how many milliseconds at most. */
  readonly stale: number;
  readonly staleness: number;
  /** Milliseconds by which the index lags at most. */
  readonly lag: number;
  /** How many ticks are missed, and how many are doubled. */
  readonly missedTicks: number;
  readonly doubledTicks: number;
  /** How many messages wait in each queue for other endpoints, so that slow requests are cut off. */
  readonly othersWaiting: number;
}

/** Milliseconds, at least and at most. */
type Span = readonly [number, number];

const calls = [
  ...([
    'deliveries.store',
    'deliveries.',
    'events.',
    'reader.',
    'circuits.',
    'attention.',
    'tasks.',
  ] as const),
  ...(['queue.send', 'bus.publish', 'keys.', 'visibility', 'acknowledge', 'answer', 'progress.'] as const),
  ...(['deliveries.get', 'slots.', 'endpoints.'] as const),
  ...(['normal', 'retry', 'fan-out', 'redrive', 'dead-letter'] satisfies QueueName[]).map(
    (queue) => `${queue} queue.send` as const,
  ),
] as const;

/** @param isLong for hours, so that also outages last for hours */
export function drawWeather(dice: Dice, calmAt: number, isLong: boolean): WeatherPlan {
  const isFair = dice.chance(0.2);
  return {
    rate: isFair ? 0 : dice.one([0, 0.005, 0.02, 0.06]),
    kinds: dice.chance(0.4) ? [dice.one(mishaps)] : mishaps,
    outages: isFair ? [] : dice.many(dice.one([0, 0, 1, 1, 2, 3]), () => drawOutage(dice, calmAt, isLong)),
    throttled: drawTime(dice, calmAt, dice.chance(isLong ? 0.3 : 0.05) ? [10 * minute, 3 * hour] : [0, 0]),
    callTime: dice.one([5, 20, 100]),
    atOnce: dice.one([1, 2, 4, 8]),
    batchSize: dice.one([1, 1, 1, 2, 10]),
    repeated: dice.one([0, 0, 0.05, 0.3]),
    pollerRepeats: dice.one([0, 0, 0, 0.02, 0.2]),
    reordered: dice.one([0, 0.5]),
    lateness: dice.one([0, 0, 500, 5 * second]),
    skew: dice.one([0, 0, 200, 3 * second]),
    stale: dice.one([0, 0, 0.2, 0.9]),
    staleness: dice.one([100, second, 2 * second]),
    lag: dice.one([0, 0, second, 10 * second, dice.chance(0.3) ? 20 * minute : 0]),
    missedTicks: dice.one([0, 0, 0.3]),
    doubledTicks: dice.one([0, 0, 0.3]),
    othersWaiting: dice.one([0, 0, 0, 1, 20]),
  };
}

const shortOutages: readonly [Span, ...Span[]] = [
  [second, 20 * second],
  [10 * second, 2 * minute],
  [2 * minute, 12 * minute],
];
const longOutages: readonly [Span, ...Span[]] = [[30 * minute, 5 * hour]];

function drawOutage(dice: Dice, calmAt: number, isLong: boolean): Outage {
  return {
    calls: dice.one(calls),
    ...drawTime(dice, calmAt, dice.one(isLong ? longOutages : shortOutages)),
    rate: dice.one([0.3, 0.7, 1]),
    mishap: dice.one(mishaps),
  };
}

function drawTime(dice: Dice, calmAt: number, [shortest, longest]: Span) {
  const from = dice.chance(0.6) ? 0 : dice.between(0, calmAt);
  return { from, until: from + dice.between(shortest, longest) };
}
