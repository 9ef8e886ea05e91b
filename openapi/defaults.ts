import type { JsonSchema } from './merge-patch.ts';

/**
 * The same schema of a request, whose defaults are part of the descriptions. With the keyword `default`, generators of
 * clients make a field required, because its value is never missing in an answer.
 */
export function withDefaultsInText(schema: JsonSchema): JsonSchema {
  const { default: given, description, ...rest } = schema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, changed(key, value)]));
  if (given === undefined) return description === undefined ? inner : { ...inner, description };
  return { ...inner, description: withDefault(String(description), given) };
}

const withDefault = (description: string, value: unknown): string =>
  `${description}${description.endsWith('.') ? ' Default:' : '; default:'} ${JSON.stringify(value)}`;

function changed(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => (isSchema(one) ? withDefaultsInText(one) : one));
  if (!isSchema(value)) return value;
  if (key !== 'properties') return withDefaultsInText(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, property]) => [
      name,
      isSchema(property) ? withDefaultsInText(property) : property,
    ]),
  );
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
