import type { RegexEngine } from '#core/regex/expression.ts';
import { compileFilter } from './compile.ts';
import { type FilterableEvent, parseField, readField } from './field.ts';
import { type Condition, type Filter, isGroup } from './filter.ts';
import type { FilterMetadata } from './reference.ts';

/** A condition that an event does not meet. */
interface FailedCondition {
  /** Keys and indexes from the filter's root. */
  readonly path: readonly (string | number)[];
  readonly condition: Condition;
  /** What the event has in the field; undefined when it has nothing. */
  readonly actual: unknown;
}

/**
 * Why an event does not pass a filter: the first condition that fails, and for a group with OR one for each alternative.
 * Empty when the event passes.
 *
 * @throws Error when the filter has a regex condition and no engine is given
 */
export function failedConditions(
  filter: Filter,
  event: FilterableEvent,
  metadata: FilterMetadata,
  regex?: RegexEngine,
): FailedCondition[] {
  const inGroup = ({ logic, conditions }: Filter, path: FailedCondition['path']): FailedCondition[] => {
    const failed: FailedCondition[] = [];
    for (const [index, node] of conditions.entries()) {
      const here = [...path, 'conditions', index];
      const ofNode = isGroup(node) ? inGroup(node, here) : ofCondition(node, here);
      const isOver = logic === 'OR' ? ofNode.length === 0 : ofNode.length > 0;
      if (isOver) return ofNode;
      failed.push(...ofNode);
    }
    return failed;
  };
  return inGroup(filter, []);

  function ofCondition(condition: Condition, path: FailedCondition['path']): FailedCondition[] {
    if (compileFilter({ conditions: [condition] }, regex)(event, metadata)) return [];
    const field = parseField(condition.field);
    return [{ path, condition, actual: typeof field === 'string' ? undefined : readField(event, field) }];
  }
}
