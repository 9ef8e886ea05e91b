import type { Call, Fault } from '../plant/faults.ts';
import { minute, type Plant, second, start } from '../plant/plant.ts';
import { longestVisible, type Queued } from '../plant/queues.ts';
import type { Dice } from './dice.ts';
import { Past } from './past.ts';
import type { Mishap, WeatherPlan } from './weather-plan.ts';

// The SDK waits for each of three answers.
const shortestHang = 5 * second;
const longestHang = 15 * second;
const longestRepeat = 5 * minute;
const calmCallTime = 5;
const mostRepeats = 40;
const timeLimits: Readonly<Record<string, number>> = {
  ...{ ingest: 29 * second, api: 29 * second, scheduler: 55 * second, reconcile: 15 * minute },
};
const consumerTimeLimit = 45 * second;
// A page of a shard each, and all shards are read at the same time.
const shardReads = new Set(['deliveries.due', 'deliveries.held']);

/** Makes go wrong in a plant what the plan says, until it is calm. */
export class Weather {
  readonly past: Past;
  private readonly plant: Plant;
  private readonly plan: WeatherPlan;
  private readonly dice: Dice;
  private readonly calmAt: number;
  private repeatsLeft = mostRepeats;
  private readonly mishaps = new WeakMap<Call, Mishap | 'none'>();

  /** @param calmAt milliseconds after the start */
  constructor(plant: Plant, plan: WeatherPlan, dice: Dice, calmAt: number) {
    this.plant = plant;
    this.plan = plan;
    this.dice = dice;
    this.calmAt = start + calmAt;
    this.past = new Past(plant.tables);
    this.rule();
  }

  get isCalm(): boolean {
    return this.plant.now >= this.calmAt;
  }

  private rule(): void {
    const { plant, plan, dice } = this;
    const sometimes = (rate: number) => !this.isCalm && dice.chance(rate);
    plant.atOnce = plan.atOnce;
    plant.batchSize = plan.batchSize;
    plant.callTime = (call) => this.timeOf(call);
    plant.faults = (call) => this.faultOf(call);
    plant.random = dice.next;
    plant.timeLimit = (by) => timeLimits[by] ?? consumerTimeLimit;
    plant.freezes = () => sometimes(0.5);
    plant.throttles = () => this.isDuring(plan.throttled);
    plant.pollerRepeats = () => this.isRepeated(plan.pollerRepeats);
    plant.comesAgain = () => (this.isRepeated(plan.repeated) ? dice.between(0, longestRepeat) : undefined);
    plant.pick = (visible) =>
      sometimes(plan.reordered) ? this.anyOf(visible) : longestVisible(visible, () => 0);
    plant.queues.lateness = () => (this.isCalm ? 0 : dice.between(0, plan.lateness));
    plant.skew = () => dice.between(-plan.skew, plan.skew);
    plant.tables.index.lag = () => (this.isCalm ? 0 : dice.between(0, plan.lag));
    plant.ticksAtOnce = () => {
      if (sometimes(plan.missedTicks)) return 0;
      return sometimes(plan.doubledTicks) ? 2 : 1;
    };
  }

  /** A few times in a life, because a copy that waits begets others, and a queue repeats very few of its messages. */
  private isRepeated(rate: number): boolean {
    if (this.isCalm || this.repeatsLeft === 0 || !this.dice.chance(rate)) return false;
    this.repeatsLeft -= 1;
    return true;
  }

  private anyOf(visible: readonly Queued[]): Queued | undefined {
    return visible[Math.floor(this.dice.next() * visible.length)];
  }

  private isDuring({ from, until }: { readonly from: number; readonly until: number }): boolean {
    const passed = this.plant.now - start;
    return !this.isCalm && passed >= from && passed < until;
  }

  private timeOf(call: Call): number {
    const { plan, dice } = this;
    const known = this.mishaps.get(call);
    const mishap = known ?? this.mishapOf(call.name) ?? 'none';
    if (known === undefined) this.mishaps.set(call, mishap);
    if (mishap === 'is slow') return dice.between(shortestHang, longestHang);
    const usual = this.isCalm ? calmCallTime : plan.callTime;
    return shardReads.has(call.name) ? usual : dice.between(1, usual);
  }

  private mishapOf(name: string): Mishap | undefined {
    const { plan, dice } = this;
    if (this.isCalm) return undefined;
    for (const { calls, from, until, rate, mishap } of plan.outages)
      if (name.includes(calls) && this.isDuring({ from, until }) && dice.chance(rate)) return mishap;
    return dice.chance(plan.rate) ? dice.one(plan.kinds) : undefined;
  }

  private faultOf(call: Call): Fault | undefined {
    const mishap = this.mishaps.get(call) ?? 'none';
    if (mishap === 'none') return this.staleAnswer(call);
    if (mishap !== 'is slow') return mishap;
    return this.dice.one([undefined, 'is refused', 'loses its answer', 'is asked again']);
  }

  private staleAnswer({ name, args }: Call): Fault | undefined {
    const { plan, dice, plant, past } = this;
    if (this.isCalm || plan.stale === 0) return undefined;
    const { consistent = true } = (args.at(-1) ?? {}) as { readonly consistent?: boolean };
    const isStale = (name === 'attention.list' || !consistent) && dice.chance(plan.stale);
    if (!isStale) return undefined;
    const at = plant.now - dice.between(1, plan.staleness);
    const [first, second] = args as [string, string];
    switch (name) {
      case 'attention.list':
        return { answers: past.watched(at).map((entry) => ({ kind: 'endpoint', ...entry })) };
      case 'reader.load':
        return { answers: past.endpoint(first, at) };
      case 'events.get': {
        const event = plant.tables.events.get(second)?.event;
        return event && event.timestamp > at ? { answers: undefined } : undefined;
      }
      default:
        return undefined;
    }
  }
}
