import { asList, asObject, asText, isObject, type JsonObject } from '../../json/json.ts';

/** The partition key's value in an item or key, as the text that IAM compares; undefined when there is none. */
export function keyText(item: unknown, keyName: string | undefined): string | undefined {
  return keyName !== undefined && isObject(item) ? valueText(item[keyName]) : undefined;
}

/** The partition key's value in a Query, from KeyConditionExpression or the older KeyConditions. */
export function queryKeyText(input: JsonObject, keyName: string | undefined): string | undefined {
  if (keyName === undefined) return undefined;
  const legacy = isObject(input.KeyConditions) ? input.KeyConditions[keyName] : undefined;
  if (isObject(legacy) && legacy.ComparisonOperator === 'EQ')
    return valueText(asList(legacy.AttributeValueList)[0]);

  const names = asObject(input.ExpressionAttributeNames);
  const values = asObject(input.ExpressionAttributeValues);
  const expression = asText(input.KeyConditionExpression) ?? '';
  for (const [, left = '', right = ''] of expression.matchAll(/([#:]?\w+)\s*=\s*([#:]?\w+)/g)) {
    const [name, placeholder] = left.startsWith(':') ? [right, left] : [left, right];
    if ((names[name] ?? name) === keyName) return valueText(values[placeholder]);
  }
  return undefined;
}

// Strings, numbers and binary values are all texts in DynamoDB's JSON.
function valueText(value: unknown): string | undefined {
  const { S, N, B } = asObject(value);
  return asText(S) ?? asText(N) ?? asText(B);
}
