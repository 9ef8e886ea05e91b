import { describeValue } from '#core/json/describe.ts';
import type { Keyword, Keywords } from './keyword.ts';
import { passAll, schemasOf } from './keywords-array.ts';
import { holds } from './subschema.ts';

const allOf: Keyword = (value, context) => {
  const schemas = schemasOf(value, context, 'inPlace');
  if (schemas === undefined) return undefined;
  return (instance, run, at, seen) =>
    passAll(schemas, (schema) => holds(schema, instance, run, at, seen), run.stopsEarly);
};

const anyOf: Keyword = (value, context) => {
  const schemas = schemasOf(value, context, 'inPlace');
  if (schemas === undefined) return undefined;
  const accepted = `a value that one of the ${schemas.length} schemas of anyOf accepts`;
  return (instance, run, at, seen) => {
    const found = run.quietly(() => {
      // Each schema that holds has evaluated members.
      if (run.tracks) return schemas.filter((schema) => holds(schema, instance, run, at, seen)).length > 0;
      return schemas.some((schema) => holds(schema, instance, run, at));
    });
    return found || run.refuse(at, instance, accepted);
  };
};

const oneOf: Keyword = (value, context) => {
  const schemas = schemasOf(value, context, 'inPlace');
  if (schemas === undefined) return undefined;
  const accepted = `a value that exactly one of the ${schemas.length} schemas of oneOf accepts`;
  return (instance, run, at, seen) => {
    let found = 0;
    run.quietly(() => {
      for (const schema of schemas) if (holds(schema, instance, run, at, seen)) found += 1;
      return found === 1;
    });
    return found === 1 || run.refuse(at, instance, `${accepted}; ${found} accept it`);
  };
};

const not: Keyword = (value, context) => {
  const schema = context.inPlace(value);
  return (instance, run, at) =>
    !run.quietly(() => holds(schema, instance, run, at)) ||
    run.refuse(at, instance, 'a value that the schema of not refuses');
};

const condition: Keyword = (value, context) => {
  const test = context.inPlace(value);
  return (instance, run, at, seen) => {
    const passes = run.quietly(() => holds(test, instance, run, at, seen));
    const branch = context.beside(passes ? 'then' : 'else');
    return branch === undefined || holds(branch, instance, run, at, seen);
  };
};

/** `if` applies it. Without `if` it has no effect. */
const branchOnly: Keyword = (value, context) => {
  context.inPlace(value);
  return undefined;
};

const reference: Keyword = (value, context) => {
  if (typeof value !== 'string')
    return context.refuse(describeValue(value), 'a reference such as #/$defs/address');
  const schema = context.refer(value);
  return (instance, run, at, seen) => holds(schema, instance, run, at, seen);
};

export const logicKeywords: Keywords = {
  $ref: reference,
  // Within one resource, the dynamic scope has one anchor of a name, so this is a reference like any other.
  $dynamicRef: reference,
  allOf,
  anyOf,
  oneOf,
  not,
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so, and no code awaits this
  then: branchOnly,
  else: branchOnly,
  if: condition,
};
