import { describeValue } from '#core/json/describe.ts';
import { isObject, type JsonObject } from '#core/json/merge-patch.ts';
import type { Keyword, Keywords } from './keyword.ts';
import { itemsAfter, prefixItems } from './keywords-array.ts';
import { dependentRequired, dependentSchemas } from './keywords-object.ts';

/** Keywords of 2020-12 that draft-07 does not know, and would not apply. */
const later = [
  'prefixItems',
  'minContains',
  'maxContains',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedItems',
  'unevaluatedProperties',
  '$dynamicRef',
];

/** One schema for all items, or a list of schemas for the first ones. */
const items: Keyword = (value, context) =>
  Array.isArray(value) ? prefixItems(value, context) : itemsAfter(0)(value, context);

/** For the items behind a list of schemas. Otherwise it has no effect. */
const additionalItems: Keyword = (value, context) => {
  const { items: before } = context.schema;
  if (Array.isArray(before)) return itemsAfter(before.length)(value, context);
  context.inside(value);
  return undefined;
};

/** For each member, names that must be there as well, or a schema. */
const dependencies: Keyword = (value, context) => {
  if (!isObject(value))
    return context.refuse(describeValue(value), 'an object of schemas and lists of names');
  const [lists, schemas] = [true, false].map((isList) =>
    Object.fromEntries(Object.entries(value).filter(([, one]) => Array.isArray(one) === isList)),
  );
  const checks = [dependentRequired(lists, context), dependentSchemas(schemas, context)];
  return (...of) => checks.every((check) => check?.(...of) ?? true);
};

/** The keywords of draft-07, of those of 2020-12 as far as the words mean the same. */
export function draft07(keywords: ReadonlyMap<string, Keyword>): ReadonlyMap<string, Keyword> {
  const shared = [...keywords].filter(([name]) => !later.includes(name));
  const own: Keywords = { items, additionalItems, dependencies };
  return new Map([...shared, ...Object.entries(own)]);
}

const besidesReferences = ['$ref', '$schema', '$id', '$comment', '$defs', 'definitions'];
const describing = [
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'format',
];

/**
 * A keyword beside `$ref` that draft-07 ignores and 2020-12 applies; undefined when there is none.
 */
export function besideReference(schema: JsonObject): string | undefined {
  if (!Object.hasOwn(schema, '$ref')) return undefined;
  const harmless = [...besidesReferences, ...describing];
  return Object.keys(schema).find((name) => !harmless.includes(name) && !name.startsWith('x-'));
}
