import type { Condition, Filter } from '../client/types.ts';
import { isJson } from './json.ts';

const operators: Readonly<Record<string, Condition['operator']>> = {
  $eq: 'eq',
  $neq: 'ne',
  $gt: 'gt',
  $gte: 'gte',
  $lt: 'lt',
  $lte: 'lte',
  $in: 'in',
  $nin: 'nin',
  $exist: 'exists',
  $regex: 'regex',
};

/** A part of a filter that has no counterpart here. */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable';
}

/**
 * Translates a body filter of Convoy, such as `{"order": {"amount": {"$gte": 100}}, "$or": […]}`. An empty filter is
 * undefined.
 *
 * @throws Untranslatable
 */
export function convoyFilter(given: unknown): Filter | undefined {
  if (!isJson(given) || Object.keys(given).length === 0) return undefined;
  return { logic: 'AND', conditions: conditionsOf(given, 'payload') };
}

function conditionsOf(given: unknown, path: string): (Condition | Filter)[] {
  if (!isJson(given)) throw new Untranslatable(`${path}: expected an object of conditions`);
  return Object.entries(given).flatMap(([key, value]): (Condition | Filter)[] => {
    if (key === '$or' || key === '$and') return [group(key, value, path)];
    if (key.startsWith('$')) return [condition(path, key, value)];
    const field = `${path}.${key}`;
    // `$` in a path stands for every element of an array.
    if (/(?:^|\.)\$(?:\.|$)/.test(field)) {
      throw new Untranslatable(`${field}: a path here names one element of an array by its index`);
    }
    return isJson(value) ? conditionsOf(value, field) : [{ field, operator: 'eq', value }];
  });
}

function group(key: string, value: unknown, path: string): Filter {
  if (!Array.isArray(value) || value.length === 0)
    throw new Untranslatable(`${key}: expected a list of conditions`);
  return {
    logic: key === '$or' ? 'OR' : 'AND',
    conditions: value.map((one) => ({ logic: 'AND', conditions: conditionsOf(one, path) })),
  };
}

function condition(field: string, key: string, value: unknown): Condition {
  const operator = operators[key];
  if (operator === undefined || field === 'payload')
    throw new Untranslatable(`${field}: the operator ${key} is not supported`);
  return { field, operator, value };
}
