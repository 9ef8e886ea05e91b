import { asList, isObject, type JsonObject } from '../json/json.ts';

/** See `resolveValue`. */
type Resolve = (value: unknown, at: string) => unknown;

/**
 * Evaluates a named condition of the template.
 *
 * @throws Error for a condition that does not exist or refers to itself, and for an unknown function
 */
export function evaluateCondition(
  conditions: JsonObject,
  name: string,
  resolve: Resolve,
  visited: readonly string[] = [],
): boolean {
  if (visited.includes(name)) {
    throw new Error(`condition ${name} refers to itself: ${[...visited, name].join(' -> ')}`);
  }
  if (!(name in conditions))
    throw new Error(`condition ${name} is not declared in the template's Conditions`);
  const path = [...visited, name];
  const at = `Conditions.${name}`;

  const test = (expression: unknown): boolean => {
    const [operator, argument] = isObject(expression) ? (Object.entries(expression)[0] ?? []) : [];
    if (operator === 'Condition' && typeof argument === 'string') {
      return evaluateCondition(conditions, argument, resolve, path);
    }
    const operands = asList(argument);
    switch (operator) {
      case 'Fn::Equals':
        return String(resolve(operands[0], at)) === String(resolve(operands[1], at));
      case 'Fn::And':
        return operands.every(test);
      case 'Fn::Or':
        return operands.some(test);
      case 'Fn::Not':
        return !operands.every(test);
      default:
        throw new Error(`${at}: the local run cannot evaluate ${JSON.stringify(expression)}`);
    }
  };
  return test(conditions[name]);
}
