import { RecentMap } from '#core/concurrency/cache.ts';
import { createLanes } from '#core/concurrency/concurrency.ts';
import { filterLimits } from '#core/filter/filter.ts';
import { schemaLimits } from '#core/json-schema/limits.ts';
import { Problem } from '#core/problem/problem.ts';

/**
 * Steps that the filters and schemas of one request may take. What one event takes at most fits, so the first event of
 * a request is always decided.
 */
export const requestSteps = filterLimits.steps + schemaLimits.steps + schemaLimits.preparation;

/** Steps that the events of one application may take in a second in one function: half of its time. */
export const stepsPerSecond = 50_000_000;

/**
 * Takes steps before they are needed.
 *
 * @returns a function to give back those that were not needed
 * @throws Problem `unavailable` or `rate_limited` when fewer are left
 */
export type TakeSteps = (steps: number) => (unused: number) => void;

/** The work of one request for filters and schemas. */
export interface RequestWork {
  /** Runs the work of one event at a time, and lets deadlines end the request in between. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
  readonly take: TakeSteps;
}

interface RequestWorkOptions {
  /** Called between two events; rejects when the time for the request is over. @default - no pause */
  readonly pause?: () => Promise<unknown>;
  /** Takes the steps of the application's second. @default - no limit */
  readonly takeOfSecond?: TakeSteps;
  readonly limit?: number;
}

export function createRequestWork({
  pause = async () => undefined,
  takeOfSecond = () => () => undefined,
  limit = requestSteps,
}: RequestWorkOptions = {}): RequestWork {
  const inLane = createLanes(1);
  let isFirst = true;
  let taken = 0;
  return {
    inTurn: (work) =>
      inLane(async () => {
        if (!isFirst) await pause();
        isFirst = false;
        return work();
      }),
    take(steps) {
      if (taken + steps > limit) throw tooMuchWork();
      const giveBack = takeOfSecond(steps);
      taken += steps;
      return (unused) => {
        taken -= unused;
        giveBack(unused);
      };
    },
  };
}

const tooMuchWork = () =>
  new Problem('unavailable', {
    detail:
      'the filters and schemas for the events before this one used the time of this request; post it again, ' +
      'with fewer events in one request',
    headers: { 'retry-after': '1' },
  });

/** Bounds the steps that each application takes in a second. @param now epoch milliseconds */
export function createSecondWork(now: () => number): (applicationId: string) => TakeSteps {
  const left = new RecentMap<string, { steps: number; at: number }>(10_000);
  return (applicationId) => {
    const own = left.get(applicationId) ?? { steps: stepsPerSecond, at: now() };
    left.set(applicationId, own);
    return (steps) => {
      const passed = Math.max(0, now() - own.at);
      own.steps = Math.min(stepsPerSecond, own.steps + (passed / 1_000) * stepsPerSecond);
      own.at = now();
      if (steps > own.steps) throw tooManyEvents(steps - own.steps);
      own.steps -= steps;
      return (unused) => {
        own.steps += unused;
      };
    };
  };
}

const tooManyEvents = (missing: number) =>
  new Problem('rate_limited', {
    detail:
      "the filters and schemas of the application use their share of this function's time; post fewer events a " +
      'second, or make the filters cheaper',
    headers: { 'retry-after': String(Math.ceil(missing / stepsPerSecond)) },
  });
