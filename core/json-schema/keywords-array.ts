import { describeValue } from '#core/json/describe.ts';
import { canonical } from './canonical.ts';
import type { Keyword, KeywordContext, Keywords } from './keyword.ts';
import { countOf } from './keywords-value.ts';
import { holds, type Subschema } from './subschema.ts';

/** The keyword's value as a list of schemas; undefined, and reported, when it is not one. */
export function schemasOf(
  value: unknown,
  context: KeywordContext,
  compile: 'inPlace' | 'inside',
): Subschema[] | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    return context.refuse(describeValue(value), 'an array of at least one schema');
  }
  return value.map((schema, index) => context[compile](schema, index));
}

export const prefixItems: Keyword = (value, context) => {
  const schemas = schemasOf(value, context, 'inside');
  if (schemas === undefined) return undefined;
  return (instance, run, at, seen) => {
    if (!Array.isArray(instance)) return true;
    const present = schemas.slice(0, instance.length);
    seen?.itemsBefore(present.length);
    return passAll(
      present,
      (schema, key) => holds(schema, instance[key], run, { parent: at, key }),
      run.stopsEarly,
    );
  };
};

/** A schema for all items from one on. */
export const itemsAfter =
  (start: number): Keyword =>
  (value, context) => {
    const schema = context.inside(value);
    return (instance, run, at, seen) => {
      if (!Array.isArray(instance)) return true;
      seen?.itemsBefore(instance.length);
      let valid = true;
      for (let key = start; key < instance.length; key += 1) {
        if (holds(schema, instance[key], run, { parent: at, key })) continue;
        valid = false;
        if (run.stopsEarly) break;
      }
      return valid;
    };
  };

const items: Keyword = (value, context) => {
  const { prefixItems: before } = context.schema;
  return itemsAfter(Array.isArray(before) ? before.length : 0)(value, context);
};

const contains: Keyword = (value, context) => {
  const schema = context.inside(value);
  const { minContains, maxContains } = context.schema;
  const least = typeof minContains === 'number' ? minContains : 1;
  const most = typeof maxContains === 'number' ? maxContains : Number.POSITIVE_INFINITY;
  const accepted = `${least}${most === Number.POSITIVE_INFINITY ? ' or more' : ` to ${most}`} items that pass contains`;
  return (instance, run, at, seen) => {
    if (!Array.isArray(instance)) return true;
    let found = 0;
    for (const [index, item] of instance.entries()) {
      if (!run.quietly(() => holds(schema, item, run, at))) continue;
      seen?.index(index);
      found += 1;
    }
    return (found >= least && found <= most) || run.refuse(at, instance, accepted);
  };
};

const uniqueItems: Keyword = (value, context) => {
  if (typeof value !== 'boolean') return context.refuse(describeValue(value), 'true or false');
  if (!value) return undefined;
  return (instance, run, at) => {
    if (!Array.isArray(instance)) return true;
    const known = new Set<string>();
    for (const [key, item] of instance.entries()) {
      const text = canonical(item, run);
      if (known.has(text))
        return run.refuse({ parent: at, key }, item, 'an item that is not in the array yet');
      known.add(text);
    }
    return true;
  };
};

const ofLength =
  (accepts: (length: number, limit: number) => boolean, accepted: string): Keyword =>
  (value, context) => {
    const limit = countOf(value, context);
    if (limit === undefined) return undefined;
    return (instance, run, at) =>
      !Array.isArray(instance) ||
      accepts(instance.length, limit) ||
      run.refuse(at, instance, `${accepted} ${limit} items`);
  };

/** `contains` reads it; its form is checked here. */
const countOnly: Keyword = (value, context) => {
  countOf(value, context);
  return undefined;
};

export const unevaluatedItems: Keyword = (value, context) => {
  const schema = context.inside(value);
  return (instance, run, at, seen) => {
    if (!Array.isArray(instance)) return true;
    run.spend(instance.length);
    const left = instance.map((_, index) => index).filter((index) => !seen?.hasIndex(index));
    seen?.itemsBefore(instance.length);
    return passAll(left, (key) => holds(schema, instance[key], run, { parent: at, key }), run.stopsEarly);
  };
};

/** Whether all pass. It checks all of them, so that each failure is reported, unless the first one is enough. */
export function passAll<T>(
  list: readonly T[],
  passes: (item: T, index: number) => boolean,
  stopsEarly: boolean,
): boolean {
  if (stopsEarly) return list.every(passes);
  return list.map(passes).every(Boolean);
}

export const arrayKeywords: Keywords = {
  prefixItems,
  items,
  contains,
  minContains: countOnly,
  maxContains: countOnly,
  uniqueItems,
  minItems: ofLength((length, limit) => length >= limit, 'at least'),
  maxItems: ofLength((length, limit) => length <= limit, 'at most'),
};
