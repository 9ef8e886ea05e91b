import { compileEventPattern } from '../eventbridge/pattern.ts';
import { asList, asObject, isObject } from '../json/json.ts';

/**
 * The FilterCriteria of an event source mapping as a predicate over its records. Without filters all records pass.
 * Filters of SQS read `body` as JSON. A body that is not JSON matches no JSON pattern.
 *
 * @throws Error for a pattern that is not JSON or that the local run does not know
 */
export function recordFilter(criteria: unknown, at: string): (record: unknown) => boolean {
  const filters = asList(asObject(criteria).Filters);
  if (filters.length === 0) return () => true;
  const patterns = filters.map((filter: unknown, i) => {
    const text = isObject(filter) ? filter.Pattern : undefined;
    if (typeof text !== 'string')
      throw new Error(`${at}.Filters.${i}: expected a Pattern, got ${JSON.stringify(filter)}`);
    return compileEventPattern(JSON.parse(text), `${at}.Filters.${i}`);
  });
  return (record) => {
    const event = withParsedBody(record);
    return patterns.some((matches) => matches(event));
  };
}

function withParsedBody(record: unknown): unknown {
  if (!isObject(record) || typeof record.body !== 'string') return record;
  try {
    return { ...record, body: JSON.parse(record.body) };
  } catch {
    return record;
  }
}
