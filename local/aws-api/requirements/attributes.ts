import { asList, asObject, asText, type JsonObject } from '../../json/json.ts';

const expressions = [
  'ProjectionExpression',
  'UpdateExpression',
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
];
const keywords = new Set(['SET', 'REMOVE', 'ADD', 'DELETE', 'AND', 'OR', 'NOT', 'BETWEEN', 'IN']);

/** Top-level attributes that a request names (dynamodb:Attributes); undefined when it names none and reads all. */
export function attributeNames(input: JsonObject): readonly string[] | undefined {
  const named = new Set<string>();
  for (const item of [input.Key, input.Item, ...asList(input.Keys)]) {
    for (const name of Object.keys(asObject(item))) named.add(name);
  }
  for (const name of asList(input.AttributesToGet)) named.add(String(name));
  const aliases = asObject(input.ExpressionAttributeNames);
  for (const expression of expressions) {
    for (const path of pathsOf(asText(input[expression]) ?? '')) named.add(asText(aliases[path]) ?? path);
  }
  return named.size === 0 ? undefined : [...named];
}

// A name after a dot is a nested attribute, a name before a parenthesis is a function.
function pathsOf(expression: string): readonly string[] {
  return [...expression.matchAll(/(?<![:.#\w])(#?[A-Za-z_]\w*)(?!\w|\s*\()/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !keywords.has(name.toUpperCase()));
}
