import { eventLimits } from '#core/event/event-schema.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { literalStart } from '#core/regex/literal-start.ts';
import { instantForm } from '#core/validation/instant.ts';
import { comparesTimes, type Field, parseField } from './field.ts';
import { type Condition, filterLimits, type Operator } from './filter.ts';
import { parseReference, resolveReference } from './reference.ts';

/**
 * The steps that a filter takes for an event, at most. A step stands for 10 ns of one core; `npm run bench:filters`
 * compares the two. Steps are counted and not timed, so that each machine accepts the same filters.
 */
export interface FilterCost {
  /** Whatever the event. */
  readonly fixed: number;
  /** For each character of the event's payload, up to `filterLimits.searched`. */
  readonly perCharacter: number;
  /** For the first event in a function: to compile the filter and to prepare its expressions. */
  readonly preparation: number;
}

export const noCost: FilterCost = { fixed: 0, perCharacter: 0, preparation: 0 };

export const sumOfCosts = (left: FilterCost, right: FilterCost): FilterCost => ({
  fixed: left.fixed + right.fixed,
  perCharacter: left.perCharacter + right.perCharacter,
  preparation: left.preparation + right.preparation,
});

/** Steps for an event with a payload of so many characters, without the preparation. */
export const stepsFor = ({ fixed, perCharacter }: FilterCost, characters: number): number =>
  fixed + perCharacter * Math.min(characters, filterLimits.searched);

/** Steps for the largest event, when it is the first one. */
export const mostSteps = (cost: FilterCost): number =>
  Math.ceil(cost.preparation + stepsFor(cost, filterLimits.searched));

/** What a filter refers to. The application's metadata may change later, so it counts as the largest that it may be. */
export interface CostContext {
  readonly endpoint: Readonly<Record<string, unknown>>;
  /** Needed for a filter with a regex condition. */
  readonly regex?: RegexEngine | undefined;
}

/** For each character of a payload that filters read: to parse it, and to list the names of its objects. */
export const stepsToParse = 1;

// Measured by bench/filters.ts.
const steps = {
  /** A condition, and compiling it. */
  condition: 15,
  compiling: 150,
  /** Each segment of a path. */
  segment: 12,
  /** Each value that is compared, each member of an object, and each character. */
  value: 2,
  member: 20,
  character: 1 / 32,
  /** Each time that is read. */
  time: 150,
  /** Each character of a text that is searched, and the same for each character that is looked for. */
  search: 0.7,
  searchedCharacter: 0.03,
  /** Each element of an array that is compared with a value. */
  element: 0.5,
} as const;

// Elements with members of their own are fewer, because each member has 6 characters.
const mostMembers = eventLimits.payloadBytes / 6;

// A payload nests no deeper, so a path of more segments ends there.
const deepest = eventLimits.levels;

// Characters of the longest `tags`, the longest value outside of the payload.
const longestTags = eventLimits.tags * (eventLimits.tagLength + 3);

// Metadata has 4 KB: an array of half as many values, for example.
const endpointMetadataBytes = 4 * 1024;
const mostMetadataValues = endpointMetadataBytes / 2;
const mostMetadataTimes = endpointMetadataBytes / 20;

/** @throws Error when the condition has an expression that is not valid, or one and no engine is given */
export function conditionCost(condition: Condition, { endpoint, regex }: CostContext): FilterCost {
  const field = parseField(condition.field);
  if (typeof field === 'string') return noCost;
  const { operator, value } = condition;
  const reading = stepsOfField(field);
  if (operator === 'regex') {
    if (regex === undefined) throw new Error('this filter has a regex condition: pass a RegexEngine');
    const { preparation, fixed, perCharacter } = regex.compile(String(value)).cost;
    // Before that, the text is searched for the start of the expression.
    const isFound = !String(value).startsWith('^') && literalStart(String(value)) !== '';
    return inField(field, {
      preparation: steps.compiling + preparation,
      fixed: reading + fixed,
      perCharacter: perCharacter + (isFound ? steps.search : 0),
    });
  }
  const isList = (operator === 'in' || operator === 'nin') && Array.isArray(value);
  const expected = isList ? value.map((element) => filledIn(element, endpoint)) : filledIn(value, endpoint);
  const comparing = isOrder(operator) ? stepsToOrder(expected) : stepsToCompare(expected);
  const readingTimes = steps.time * timesIn(field, operator, expected);
  const searching = operator === 'contains' ? searchOf(expected) : { fixed: 0, perCharacter: 0 };
  return inField(field, {
    preparation: steps.compiling,
    fixed: reading + readingTimes + comparing + searching.fixed,
    perCharacter: searching.perCharacter,
  });
}

/** Steps to find a field. */
export const stepsOfField = ({ path }: Field): number =>
  steps.condition + steps.segment * Math.min(path.length, deepest);

/** Only a payload may be long. */
const inField = ({ root }: Field, cost: FilterCost): FilterCost =>
  root === 'payload'
    ? cost
    : { ...cost, fixed: cost.fixed + cost.perCharacter * longestTags, perCharacter: 0 };

const isOrder = (operator: Operator) => ['gt', 'gte', 'lt', 'lte'].includes(operator);

/** How many times are read: those of a condition on `timestamp`, or two texts that may be times. */
function timesIn(field: Field, operator: Operator, expected: unknown): number {
  if (comparesTimes(field, operator)) {
    if (expected === ofApplication) return mostMetadataTimes;
    return 1 + (Array.isArray(expected) ? expected.length : 1);
  }
  const mayBeTime =
    expected === ofApplication || (typeof expected === 'string' && instantForm.test(expected));
  return isOrder(operator) && mayBeTime ? 2 : 0;
}

/** Some value of the application's metadata. */
const ofApplication = Symbol('a value of the application');

/** What a condition compares with, with the endpoint's metadata filled in. */
function filledIn(value: unknown, endpoint: CostContext['endpoint']): unknown {
  const reference = parseReference(value);
  if (reference === undefined) return value;
  return reference.owner === 'endpoint' ? resolveReference(reference, { endpoint }) : ofApplication;
}

const stepsToOrder = (expected: unknown): number => {
  if (expected === ofApplication) return steps.value + steps.character * endpointMetadataBytes;
  return typeof expected === 'string' ? steps.value + steps.character * expected.length : steps.value;
};

function stepsToCompare(expected: unknown): number {
  if (expected === ofApplication) return steps.value * mostMetadataValues;
  if (typeof expected === 'string') return steps.value + steps.character * expected.length;
  if (typeof expected !== 'object' || expected === null) return steps.value;
  const values = Object.values(expected).map(stepsToCompare);
  const perMember = Array.isArray(expected) ? 0 : steps.member;
  return values.reduce((sum, one) => sum + one + perMember, steps.value);
}

/** To look for a value in a text or array. */
function searchOf(expected: unknown): { readonly fixed: number; readonly perCharacter: number } {
  const isContainer = expected === ofApplication || (typeof expected === 'object' && expected !== null);
  const inText = typeof expected === 'string' ? steps.search + steps.searchedCharacter * expected.length : 0;
  return {
    fixed: isContainer ? steps.member * mostMembers : 0,
    perCharacter: Math.max(steps.element, inText),
  };
}
