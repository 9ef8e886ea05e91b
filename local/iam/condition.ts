import { isKnownContextKey, type RequestContext } from './context-keys.ts';
import { comparisons, parseOperator } from './operators.ts';
import type { PolicyCondition } from './statement.ts';

/** `unknown`: the local run cannot evaluate the condition. */
export type ConditionResult =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'unknown'; readonly reason: string };

const yes: ConditionResult = { kind: 'true' };
const no: ConditionResult = { kind: 'false' };

/** All conditions of a statement. One false condition decides, even if others are unknown. */
export function testConditions(
  conditions: readonly PolicyCondition[],
  context: RequestContext,
): ConditionResult {
  let result: ConditionResult = yes;
  for (const condition of conditions) {
    const one = testCondition(condition, context);
    if (one.kind === 'false') return one;
    if (one.kind === 'unknown') result = one;
  }
  return result;
}

/**
 * One condition, as IAM evaluates it.
 *
 * For a key that the request does not have, positive operators are false, negated ones (StringNotEquals, …) true,
 * `…IfExists` and `ForAllValues:` true, `ForAnyValue:` false. `Null` tests for such a key.
 * (IAM user guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context keys".)
 */
function testCondition(condition: PolicyCondition, context: RequestContext): ConditionResult {
  const key = condition.key.toLowerCase();
  if (!isKnownContextKey(key)) {
    return { kind: 'unknown', reason: `the local run does not know the condition key ${condition.key}` };
  }
  const present = context.get(key);
  const operator = parseOperator(condition.operator);
  if (operator.name === 'Null') {
    return answer(condition.values.some((value) => value.toLowerCase() === String(present === undefined)));
  }
  const comparison = comparisons.get(operator.name);
  if (comparison === undefined) {
    return {
      kind: 'unknown',
      reason: `the local run does not know the condition operator ${condition.operator}`,
    };
  }
  if (present === undefined) {
    if (operator.ifExists || operator.set === 'all') return yes;
    return answer(operator.set !== 'any' && comparison.negated);
  }
  const holds = (value: string) =>
    condition.values.some((wanted) => comparison.compare(value, wanted)) !== comparison.negated;
  if (operator.set === 'all') return answer(present.every(holds));
  if (operator.set === 'any') return answer(present.some(holds));
  if (present.length > 1) {
    // AWS does not define this and warns against it.
    return {
      kind: 'unknown',
      reason: `${condition.key} has several values: ${condition.operator} needs ForAllValues: or ForAnyValue:`,
    };
  }
  return answer(present.some(holds));
}

function answer(holds: boolean): ConditionResult {
  return holds ? yes : no;
}
