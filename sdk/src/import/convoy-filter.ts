import type { Condition, Filter } from '../client/types.ts';
import { isJson, items, type Json, textOf } from './json.ts';
import type { Notes } from './plan.ts';

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
class Untranslatable extends Error {
  override readonly name = 'Untranslatable';
}

/** The parts of a filter of Convoy. Only the body exists here too. */
interface GivenFilter {
  readonly body: unknown;
  readonly others: Json;
}

/**
 * The filter of a subscription. Convoy keeps a filter for each event type in a table, which its engine uses: the row of the
 * event's type, else the row of `*`, else none. Releases without that table use `filter_config.filter`.
 *
 * @param types - the event types of the subscription; `['*']` for all
 * @param table - the rows; null when the release has no such table, undefined when the export lacks them
 */
export function filterOfSubscription(
  types: readonly string[],
  table: unknown,
  config: Json,
  notes: Notes,
): Filter | undefined {
  if (table === undefined) {
    notes.lostAndDisabled('filters: the export does not have those of this subscription');
    return undefined;
  }
  if (table === null) return isJson(config.filter) ? translated(partsOf(config.filter), notes) : undefined;
  const rows = items(table, 'filters').filter(isJson);
  const off = rows.filter((row) => row.enabled_at === null).map((row) => String(row.event_type));
  if (off.length > 0) notes.lostAndDisabled(`filters of ${off.join(', ')}: they are switched off`);
  const byType = new Map(rows.map((row) => [textOf(row.event_type) ?? '*', partsOf(row)]));
  const general = byType.get('*');
  byType.delete('*');
  const own = [...byType].filter(([type]) => types.includes('*') || types.includes(type));
  if (own.length === 0) return general && translated(general, notes);

  const conditions: (Condition | Filter)[] = own.map(([value, filter]) =>
    all([{ field: 'type', operator: 'eq', value }, translated(filter, notes)]),
  );
  const ownTypes = own.map(([type]) => type);
  if (types.some((type) => !ownTypes.includes(type))) {
    const others: Condition = { field: 'type', operator: 'nin', value: ownTypes };
    conditions.push(all([others, general && translated(general, notes)]));
  }
  return { logic: 'OR', conditions };
}

const all = (conditions: readonly (Condition | Filter | undefined)[]): Filter => ({
  logic: 'AND',
  conditions: conditions.filter((one) => one !== undefined),
});

const partsOf = ({ body, headers, query, path }: Json): GivenFilter => ({
  body,
  others: { headers, query, path },
});

function translated({ body, others }: GivenFilter, notes: Notes): Filter | undefined {
  for (const [part, conditions] of Object.entries(others)) {
    if (isJson(conditions) && Object.keys(conditions).length > 0) {
      notes.lostAndDisabled(`filter of ${part}: an event here has a payload and tags only`);
    }
  }
  try {
    const filter = convoyFilter(body);
    if (filter !== undefined) {
      notes.adapted('filter of the body: a missing field matches only the operators ne and nin');
    }
    return filter;
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    notes.lostAndDisabled(`filter of the body: ${error.message}`);
    return undefined;
  }
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
