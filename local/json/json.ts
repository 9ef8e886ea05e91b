/** A parsed JSON object. */
export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// What is of another type reads as empty or absent: what the engines answer and functions send has been checked.
export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A value that may stand for a list of one. */
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || Array.isArray(value) ? asList(value) : [value];
