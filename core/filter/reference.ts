import { readPath } from './field.ts';
import { type Condition, conditionsOf, type Filter } from './filter.ts';

/** The metadata that fills in `${endpoint.metadata.…}` and `${application.metadata.…}`. */
export interface FilterMetadata {
  readonly endpoint?: Readonly<Record<string, unknown>> | undefined;
  readonly application?: Readonly<Record<string, unknown>> | undefined;
}

/** A parsed `${owner.metadata.path}`. */
export interface Reference {
  readonly owner: 'endpoint' | 'application';
  readonly path: readonly string[];
}

const whole = /^\$\{(endpoint|application)\.metadata\.([^${}]+)\}$/;

/**
 * The reference that a value is, or undefined for any other value.
 * A reference is always the whole string; it is never part of a longer one.
 */
export function parseReference(value: unknown): Reference | undefined {
  if (typeof value !== 'string') return undefined;
  const match = whole.exec(value);
  const path = match?.[2]?.split('.') ?? [];
  if (match === null || path.includes('')) return undefined;
  return { owner: match[1] === 'endpoint' ? 'endpoint' : 'application', path };
}

/** The metadata value with its own type, or undefined when there is none. */
export function resolveReference(reference: Reference, metadata: FilterMetadata): unknown {
  return readPath(metadata[reference.owner], reference.path);
}

/** What is wrong with the use of `${` in a string, or undefined. */
export function referenceProblem(text: string): string | undefined {
  if (!text.includes('${') || parseReference(text) !== undefined) return undefined;
  return (
    `received ${JSON.stringify(text)}; a string with \${ is accepted only as a whole reference: ` +
    `\${endpoint.metadata.<path>} or \${application.metadata.<path>}`
  );
}

/** The names directly under `metadata` that a filter's references to `owner` start with. */
export function referencedMetadata(filter: Filter, owner: Reference['owner']): Set<string> {
  const names = new Set<string>();
  for (const condition of conditionsOf(filter)) {
    for (const reference of referencesIn(condition)) {
      const [name] = reference.path;
      if (reference.owner === owner && name !== undefined) names.add(name);
    }
  }
  return names;
}

function referencesIn({ operator, value }: Condition): Reference[] {
  const candidates = (operator === 'in' || operator === 'nin') && Array.isArray(value) ? value : [value];
  return candidates.map(parseReference).filter((reference) => reference !== undefined);
}
