import { describeValue } from '#core/json/describe.ts';
import { isObject, type JsonObject } from '#core/json/merge-patch.ts';
import type { Expression } from '#core/regex/expression.ts';
import type { Keyword, KeywordContext, Keywords } from './keyword.ts';
import { passAll } from './keywords-array.ts';
import { countOf, finds } from './keywords-value.ts';
import type { Run } from './run.ts';
import { holds, type Subschema } from './subschema.ts';

/** The entries of a keyword's value; undefined, and reported, when it is not an object. */
function entriesOf(value: unknown, context: KeywordContext): [string, unknown][] | undefined {
  return isObject(value)
    ? Object.entries(value)
    : context.refuse(describeValue(value), 'an object of schemas');
}

const properties: Keyword = (value, context) => {
  const entries = entriesOf(value, context);
  if (entries === undefined) return undefined;
  const schemas = new Map(entries.map(([name, schema]) => [name, context.inside(schema, name)]));
  return (instance, run, at, seen) => {
    if (!isObject(instance)) return true;
    const known = keysOf(instance, run).flatMap((key) => {
      const schema = schemas.get(key);
      return schema === undefined ? [] : [{ key, schema }];
    });
    for (const { key } of known) seen?.key(key);
    return passAll(
      known,
      ({ key, schema }) => holds(schema, instance[key], run, { parent: at, key }),
      run.stopsEarly,
    );
  };
};

interface PatternSchema {
  readonly expression: Expression;
  readonly schema: Subschema;
}

const patternProperties: Keyword = (value, context) => {
  const entries = entriesOf(value, context);
  if (entries === undefined) return undefined;
  const schemas = entries.map(
    ([source, schema]): PatternSchema => ({
      expression: context.pattern(source, source),
      schema: context.inside(schema, source),
    }),
  );
  return (instance, run, at, seen) => {
    if (!isObject(instance)) return true;
    const matching = keysOf(instance, run).flatMap((key) =>
      schemas.filter(({ expression }) => finds(expression, key, run)).map(({ schema }) => ({ key, schema })),
    );
    for (const { key } of matching) seen?.key(key);
    return passAll(
      matching,
      ({ key, schema }) => holds(schema, instance[key], run, { parent: at, key }),
      run.stopsEarly,
    );
  };
};

const additionalProperties: Keyword = (value, context) => {
  const schema = context.inside(value);
  const { properties: known, patternProperties: patterns } = context.schema;
  const names = new Set(isObject(known) ? Object.keys(known) : []);
  const sources = isObject(patterns) ? Object.keys(patterns) : [];
  // The keyword itself reports an expression that is wrong.
  const expressions = sources.map((source) => context.pattern(source));
  return (instance, run, at, seen) => {
    if (!isObject(instance)) return true;
    const others = keysOf(instance, run).filter(
      (key) => !names.has(key) && !expressions.some((expression) => finds(expression, key, run)),
    );
    for (const key of others) seen?.key(key);
    return passAll(others, (key) => holds(schema, instance[key], run, { parent: at, key }), run.stopsEarly);
  };
};

const propertyNames: Keyword = (value, context) => {
  const schema = context.inside(value);
  return (instance, run, at) =>
    !isObject(instance) ||
    passAll(keysOf(instance, run), (key) => holds(schema, key, run, { parent: at, key }), run.stopsEarly);
};

/** The keyword's value as a list of names; undefined, and reported, when it is not one. */
function namesOf(value: unknown, context: KeywordContext, ...path: string[]): string[] | undefined {
  const names: unknown[] = Array.isArray(value) ? value : [undefined];
  const texts = names.filter((name) => typeof name === 'string');
  if (texts.length === names.length && new Set(texts).size === texts.length) return texts;
  return context.refuse(describeValue(value), 'an array of names, each once', ...path);
}

const requireNames = (names: readonly string[], instance: JsonObject, run: Run): string | undefined => {
  run.spend(names.length);
  return names.find((name) => !Object.hasOwn(instance, name));
};

const required: Keyword = (value, context) => {
  const names = namesOf(value, context);
  if (names === undefined) return undefined;
  return (instance, run, at) => {
    if (!isObject(instance)) return true;
    const missing = requireNames(names, instance, run);
    return missing === undefined || run.refuse(at, instance, `an object with ${JSON.stringify(missing)}`);
  };
};

export const dependentRequired: Keyword = (value, context) => {
  const entries = entriesOf(value, context);
  const rules = (entries ?? []).map(([name, names]) => [name, namesOf(names, context, name) ?? []] as const);
  return (instance, run, at) => {
    if (!isObject(instance)) return true;
    run.spend(rules.length);
    for (const [name, names] of rules) {
      if (!Object.hasOwn(instance, name)) continue;
      const missing = requireNames(names, instance, run);
      if (missing !== undefined) {
        const accepted = `an object with ${JSON.stringify(missing)}, as it has ${JSON.stringify(name)}`;
        return run.refuse(at, instance, accepted);
      }
    }
    return true;
  };
};

export const dependentSchemas: Keyword = (value, context) => {
  const entries = entriesOf(value, context);
  const rules = (entries ?? []).map(([name, schema]) => ({ name, schema: context.inPlace(schema, name) }));
  return (instance, run, at, seen) => {
    if (!isObject(instance)) return true;
    run.spend(rules.length);
    const applying = rules.filter(({ name }) => Object.hasOwn(instance, name));
    return passAll(applying, ({ schema }) => holds(schema, instance, run, at, seen), run.stopsEarly);
  };
};

const ofSize =
  (accepts: (size: number, limit: number) => boolean, accepted: string): Keyword =>
  (value, context) => {
    const limit = countOf(value, context);
    if (limit === undefined) return undefined;
    return (instance, run, at) =>
      !isObject(instance) ||
      accepts(keysOf(instance, run).length, limit) ||
      run.refuse(at, instance, `${accepted} ${limit} members`);
  };

export const unevaluatedProperties: Keyword = (value, context) => {
  const schema = context.inside(value);
  return (instance, run, at, seen) => {
    if (!isObject(instance)) return true;
    const left = keysOf(instance, run).filter((key) => !seen?.hasKey(key));
    seen?.allKeys();
    return passAll(left, (key) => holds(schema, instance[key], run, { parent: at, key }), run.stopsEarly);
  };
};

function keysOf(instance: JsonObject, run: Run): string[] {
  const keys = Object.keys(instance);
  run.spend(keys.length);
  return keys;
}

export const objectKeywords: Keywords = {
  properties,
  patternProperties,
  additionalProperties,
  propertyNames,
  required,
  dependentRequired,
  dependentSchemas,
  minProperties: ofSize((size, limit) => size >= limit, 'at least'),
  maxProperties: ofSize((size, limit) => size <= limit, 'at most'),
};
