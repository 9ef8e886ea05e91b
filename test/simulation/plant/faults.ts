import type { Queued } from './queues.ts';

/** What can go wrong with one call of a function. */
export const faultKinds = [
  ...(['dies before', 'dies after', 'is refused', 'loses its answer'] as const),
  /** Its answer is lost, so that the SDK asks again, and the repeat finds what the call itself did. */
  'is asked again',
] as const;

export type Fault =
  | (typeof faultKinds)[number]
  /** A read that sees something else than what stands. */
  | { readonly answers: unknown }
  /** An error of its own kind. */
  | { readonly throws: Error };

/** One call of a function to a table, a queue, the bus or a receiver. */
export interface Call {
  /** The function that makes it; `lambda` for what the platform does for a function. */
  readonly by: string;
  /** What is called, and its method: `deliveries.store`, `retry queue.send`, `request`. */
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Decides what goes wrong with each call. */
export type FaultPlan = (call: Call, life: Life) => Fault | undefined;

/** The function died: nothing after it ran, not even error handling. */
export class Death extends Error {}

/** A table or a queue did not do what it was asked for, or did not say that it did. */
export class Trouble extends Error {}

/** One invocation of a function, or its work on one message. Once it is over, nothing more comes of it. */
export class Life {
  readonly by: string;
  /** Counts the invocations. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly message: Queued | undefined;
  private readonly shared: { isOver: boolean };

  constructor(by: string, number: number, startedAt: number, message?: Queued, shared = { isOver: false }) {
    this.by = by;
    this.number = number;
    this.startedAt = startedAt;
    this.message = message;
    this.shared = shared;
  }

  get isOver(): boolean {
    return this.shared.isOver;
  }

  end(): void {
    this.shared.isOver = true;
  }

  /** The part of it that handles one message of its batch. */
  handling(message: Queued): Life {
    return new Life(this.by, this.number, this.startedAt, message, this.shared);
  }
}

/** Does the work of a call, and lets go wrong what the fault says. `pause` passes before a call is made again. */
export async function suffer<Result>(
  fault: Fault | undefined,
  life: Life,
  { name }: Call,
  work: () => Result | Promise<Result>,
  pause: () => Promise<void>,
): Promise<Result> {
  if (fault === undefined) return work();
  if (typeof fault === 'object') {
    if ('throws' in fault) throw fault.throws;
    return fault.answers as Result;
  }
  const isDeath = fault === 'dies before' || fault === 'dies after';
  // Whatever goes wrong with a request is its result and never an error, so that is for the receiver to play.
  if (name === 'request' && !isDeath) return work();
  if (fault === 'dies after' || fault === 'loses its answer' || fault === 'is asked again') await work();
  if (fault === 'is asked again') {
    await pause();
    if (!life.isOver) return work();
  }
  if (isDeath) life.end();
  throw isDeath ? new Death(`${fault} ${name}`) : new Trouble(`${name} ${fault}`);
}

const readMethods = new Set([
  ...['get', 'getMany', 'load', 'outline', 'list', 'segment', 'watched', 'match', 'size'],
  ...['due', 'held', 'newestHeld', 'everyHeld', 'deadBy', 'unsuccessful', 'without'],
]);

/** Whether the call changes nothing, so that a function that dies before or after it might as well do so at its neighbour. */
const isRead = ({ name }: Call): boolean => readMethods.has(name.slice(name.indexOf('.') + 1));

/** Counts the calls that change something, and lets some of them go wrong. */
export class NumberedFaults {
  /** The names of the calls so far, without their methods. */
  readonly effects: string[] = [];
  private readonly kinds: ReadonlyMap<number, Fault>;

  /** @param faults the numbers, from 1, of the calls that go wrong, and how */
  constructor(...faults: readonly (readonly [at: number, kind: Fault])[]) {
    this.kinds = new Map(faults);
  }

  readonly plan: FaultPlan = (call) => {
    if (isRead(call)) return undefined;
    this.effects.push(call.name.split('.')[0] ?? '');
    return this.kinds.get(this.effects.length);
  };
}

/** What happens at a step: the function dies, or this one call fails and the function goes on. */
export type Damage = 'dies' | 'fails';

/** Counts a step before and one after each call that changes something, and asks at each whether it is the last. */
export class SteppedFaults {
  steps = 0;
  private readonly damageAt: (step: number) => Damage | undefined;
  private readonly only: string | undefined;

  /** @param only - the function whose calls count. @default - all functions */
  constructor(damageAt: (step: number) => Damage | undefined, only?: string) {
    this.damageAt = damageAt;
    this.only = only;
  }

  readonly plan: FaultPlan = (call) => {
    if (isRead(call) || (this.only !== undefined && this.only !== call.by)) return undefined;
    this.steps += 2;
    const [before, after] = [this.damageAt(this.steps - 1), this.damageAt(this.steps)];
    if (before) return before === 'dies' ? 'dies before' : 'is refused';
    if (after) return after === 'dies' ? 'dies after' : 'loses its answer';
    return undefined;
  };
}

/** The faults of functions that die at some steps. */
export const crashes = (at: (step: number) => boolean): FaultPlan =>
  new SteppedFaults((step) => (at(step) ? 'dies' : undefined)).plan;
