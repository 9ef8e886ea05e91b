import { describeValue } from '#core/json/describe.ts';
import { isObject } from '#core/json/merge-patch.ts';
import type { Keyword, Keywords } from './keyword.ts';

// Keywords that describe and do not validate. Their form is checked, so that mistakes in them are found.

const describing =
  (accepts: (value: unknown) => boolean, accepted: string): Keyword =>
  (value, context) => {
    if (!accepts(value)) context.refuse(describeValue(value), accepted);
    return undefined;
  };

const text = describing((value) => typeof value === 'string', 'a string');
const yesOrNo = describing((value) => typeof value === 'boolean', 'true or false');
const anything = describing(() => true, 'anything');

/** Which schema of a `oneOf` or `anyOf` applies, by OpenAPI. They decide it themselves. */
const discriminator: Keyword = (value, context) => {
  const isIt = isObject(value) && typeof value.propertyName === 'string';
  if (!isIt) context.refuse(describeValue(value), 'an object with propertyName');
  return undefined;
};

/** Schemas that references name. */
const definitions: Keyword = (value, context) => {
  if (!isObject(value)) return context.refuse(describeValue(value), 'an object of schemas');
  for (const [name, schema] of Object.entries(value)) context.inside(schema, name);
  return undefined;
};

export const annotationKeywords: Keywords = {
  $defs: definitions,
  definitions,
  $comment: text,
  title: text,
  description: text,
  default: anything,
  examples: describing(Array.isArray, 'an array'),
  deprecated: yesOrNo,
  readOnly: yesOrNo,
  writeOnly: yesOrNo,
  // An annotation by default in 2020-12.
  format: text,
  contentEncoding: text,
  contentMediaType: text,
  contentSchema: anything,
  // Of OpenAPI. Generators of schemas write them.
  discriminator,
  example: anything,
  externalDocs: describing(isObject, 'an object'),
  xml: describing(isObject, 'an object'),
};
