/** What can go wrong with one effect of a function: a write, a message, a request. */
export const faultKinds = ['dies before', 'dies after', 'is refused', 'loses its answer'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** The function died: nothing after it ran, not even error handling. */
export class Death extends Error {}

/** A table or a queue did not do, or did not say that it did, what it was asked for. */
export class Trouble extends Error {}

/** One invocation of a function; once it is over, nothing more comes of it. */
export interface Life {
  isOver: boolean;
}

/** Counts the effects of all functions, and lets some of them go wrong. */
export class Faults {
  /** The names of the effects so far. */
  readonly effects: string[] = [];
  private readonly kinds: ReadonlyMap<number, FaultKind>;

  /** @param faults the numbers, from 1, of the effects that go wrong, and how */
  constructor(...faults: readonly (readonly [at: number, kind: FaultKind])[]) {
    this.kinds = new Map(faults);
  }

  async effect<Result>(life: Life, name: string, happen: () => Result): Promise<Result> {
    if (life.isOver) throw new Death('the function is dead');
    this.effects.push(name);
    const kind = this.kinds.get(this.effects.length);
    if (kind === undefined) return happen();
    const isDeath = kind === 'dies before' || kind === 'dies after';
    // Whatever goes wrong with a request is its result, and never an error: that is for the receiver to play.
    if (name === 'request' && !isDeath) return happen();
    if (kind === 'dies after' || kind === 'loses its answer') happen();
    life.isOver = isDeath;
    throw isDeath ? new Death(`${kind} ${name}`) : new Trouble(`${name} ${kind}`);
  }
}
