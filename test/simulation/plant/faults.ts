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

/** Counts the effects of all functions, and lets one of them go wrong. */
export class Faults {
  /** The names of the effects so far. */
  readonly effects: string[] = [];
  private readonly at: number | undefined;
  private readonly kind: FaultKind;

  /** @param at the number, from 1, of the effect that goes wrong; undefined for none */
  constructor(at?: number, kind: FaultKind = 'dies before') {
    this.at = at;
    this.kind = kind;
  }

  async effect<Result>(life: Life, name: string, happen: () => Result): Promise<Result> {
    if (life.isOver) throw new Death('the function is dead');
    this.effects.push(name);
    if (this.effects.length !== this.at) return happen();
    // Whatever goes wrong with a request is its result, and never an error: that is for the receiver to play.
    if (name === 'request' && (this.kind === 'is refused' || this.kind === 'loses its answer'))
      return happen();
    if (this.kind === 'dies before' || this.kind === 'is refused') throw this.end(life, name);
    happen();
    throw this.end(life, name);
  }

  private end(life: Life, name: string): Error {
    if (this.kind === 'is refused' || this.kind === 'loses its answer') {
      return new Trouble(`${name} ${this.kind}`);
    }
    life.isOver = true;
    return new Death(`${this.kind} ${name}`);
  }
}
