import * as z from 'zod/mini';
import type { Condition, Filter } from '#core/filter/filter.ts';
import { operators } from '#core/filter/filter.ts';
import { describeValue } from '#core/json/describe.ts';

// JSON of tenants is stored as text, because DynamoDB's own maps round numbers differently, refuse lone surrogates, and
// give some names (`__proto__`) a meaning.

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every((entry) => typeof entry === 'string');

const isFilter = (value: unknown): value is Filter =>
  isObject(value) &&
  (value.logic === undefined || value.logic === 'AND' || value.logic === 'OR') &&
  Array.isArray(value.conditions) &&
  value.conditions.every((node) => isFilter(node) || isCondition(node));

const isCondition = (value: unknown): value is Condition =>
  isObject(value) &&
  typeof value.field === 'string' &&
  operators.some((operator) => operator === value.operator);

const jsonText = <T>(expected: string, accepts: (value: unknown) => value is T) =>
  z.pipe(
    z.string(),
    z.transform((text: string): T => {
      const value: unknown = JSON.parse(text);
      if (accepts(value)) return value;
      throw new Error(`the stored JSON was expected to be ${expected}, is ${describeKind(value)}`);
    }),
  );

// Never the content itself: headers may hold credentials.
const describeKind = (value: unknown): string =>
  typeof value === 'string' ? 'a string' : isObject(value) ? 'another object' : describeValue(value);

/** An object of any JSON. */
export const objectText = jsonText('an object', isObject);
/** An object whose values are strings. */
export const textsText = jsonText('an object of strings', isTexts);
export const filterText = jsonText('a filter', isFilter);
