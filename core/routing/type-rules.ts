import type { EventTypeRule } from '#core/event-type/event-type.ts';

// Measured heap in bytes of a rule and its entry, apart from the characters of its name.
const heapOfRule = 120;

const heapOf = ({ name }: EventTypeRule): number => heapOfRule + name.length;

/** The rules of an application's event types, by their names. */
export class TypeRules {
  readonly #rules = new Map<string, EventTypeRule>();
  #bytes = 0;

  /** About how many bytes of memory they take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** In the order of the names. */
  get all(): EventTypeRule[] {
    return [...this.#rules.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  get(name: string): EventTypeRule | undefined {
    return this.#rules.get(name);
  }

  put(rule: EventTypeRule): void {
    this.remove(rule.name);
    this.#rules.set(rule.name, rule);
    this.#bytes += heapOf(rule);
  }

  remove(name: string): void {
    const rule = this.#rules.get(name);
    if (rule === undefined) return;
    this.#rules.delete(name);
    this.#bytes -= heapOf(rule);
  }
}
