import { describeValue } from '#core/json/describe.ts';
import type { Operator } from './filter.ts';

/** The parts of an event that filters read. */
export interface FilterableEvent {
  readonly id: string;
  readonly type: string;
  readonly source?: string | undefined;
  readonly tags: readonly string[];
  /** ISO 8601. */
  readonly timestamp: string;
  /** Characters of the payload's text. */
  readonly payloadLength: number;
  /** Parses the payload. Called when a condition reads it. */
  readonly payload: () => unknown;
}

const roots = ['id', 'type', 'source', 'tags', 'timestamp', 'payload'] as const;

type Root = (typeof roots)[number];

/** A parsed field. Only `payload` has a path. */
export interface Field {
  readonly root: Root;
  readonly path: readonly string[];
}

const accepted = 'id, type, source, tags, timestamp, payload and payload.<path>, such as payload.items.0.sku';

/** Parses a condition's `field`; a string result says what was received and what is accepted. */
export function parseField(text: unknown): Field | string {
  if (typeof text !== 'string') return `field takes a string; received ${describeValue(text)}`;
  const [first = '', ...path] = text.split('.');
  const root = roots.find((name) => name === first);
  if (root === undefined || (root !== 'payload' && path.length > 0)) {
    const hint = root === undefined ? ` (did you mean ${JSON.stringify(`payload.${text}`)}?)` : '';
    return `unknown field ${JSON.stringify(text)}${hint}; accepted are ${accepted}`;
  }
  if (path.includes(''))
    return `field ${JSON.stringify(text)} has an empty segment; accepted are ${accepted}`;
  return { root, path };
}

/** Whether a condition compares times as instants, whatever their zones. */
export const comparesTimes = ({ root }: Field, operator: Operator): boolean =>
  root === 'timestamp' && !textOperators.includes(operator);

const textOperators: readonly Operator[] = ['contains', 'regex', 'exists'];

/** The field's value, or undefined when the event has none; null is a value. */
export function readField(event: FilterableEvent, field: Field): unknown {
  return field.root === 'payload' ? readPath(event.payload(), field.path) : event[field.root];
}

/**
 * Follows a path through parsed JSON; undefined when there is no such value.
 *
 * It reads own members of objects and elements of arrays, but nothing inherited (`constructor`, `__proto__`), no
 * `length` and no characters of strings.
 */
export function readPath(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    if (Array.isArray(current) && !/^(?:0|[1-9]\d*)$/.test(segment)) return undefined;
    if (!Object.hasOwn(current, segment)) return undefined;
    current = Reflect.get(current, segment);
  }
  return current;
}
