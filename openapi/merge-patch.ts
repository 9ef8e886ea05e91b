/** A JSON Schema (2020-12), or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema with optional fields that may also be null, which means that they are absent. */
export function withNulls(schema: JsonSchema): JsonSchema {
  const required = new Set(listOf(schema.required));
  return mapProperties(schema, (name, property) => (required.has(name) ? property : orNull(property)));
}

/**
 * The schema of a merge patch (RFC 7396) of the object: no field is required, null removes a field, and objects merge.
 * Schemas that are referred to by name are replaced as a whole.
 */
export function asPatch(schema: JsonSchema): JsonSchema {
  const { required, default: given, ...rest } = schema;
  if (Array.isArray(rest.anyOf)) return { ...rest, anyOf: rest.anyOf.map((one) => asPatch(one)) };
  if (isSchema(rest.additionalProperties) && rest.additionalProperties.type !== undefined) {
    return { ...rest, additionalProperties: orNull(rest.additionalProperties) };
  }
  return mapProperties(rest, (_, property) => orNull(asPatch(property)));
}

function mapProperties(
  schema: JsonSchema,
  change: (name: string, property: JsonSchema) => JsonSchema,
): JsonSchema {
  if (!isSchema(schema.properties)) return schema;
  const properties = Object.entries(schema.properties).map(([name, property]) => [
    name,
    isSchema(property) ? change(name, property) : property,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function orNull(schema: JsonSchema): JsonSchema {
  const { default: given, description, ...rest } = schema;
  // Any value: null is one.
  if (Object.keys(rest).length === 0) return schema;
  if (Array.isArray(rest.anyOf) && rest.anyOf.some((one) => isSchema(one) && one.type === 'null'))
    return schema;
  return {
    anyOf: [rest, { type: 'null' }],
    default: given,
    description,
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
