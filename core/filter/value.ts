import { describeValue } from '#core/json/describe.ts';
import { instantAccepted, parseInstant } from '#core/validation/instant.ts';
import { filterLimits, type Operator } from './filter.ts';
import { parseReference, referenceProblem } from './reference.ts';

type Problem = string | undefined;

const anything = 'any JSON value';
const scalar = 'a number, a string';
const list = `an array of at most ${filterLimits.elements} values`;

/** What each operator takes as `value`. All but regex and exists also take a reference. */
const acceptedValues: Readonly<Record<Operator, string>> = {
  eq: anything,
  ne: anything,
  gt: scalar,
  gte: scalar,
  lt: scalar,
  lte: scalar,
  in: list,
  nin: list,
  contains: anything,
  regex: `a non-empty RE2 expression of at most ${filterLimits.stringBytes} bytes`,
  exists: 'true or false',
};

/** What is wrong with a condition's `value`, or undefined; the message names operator, received and accepted. */
export function valueProblem(operator: Operator, value: unknown): Problem {
  if (operator !== 'regex' && operator !== 'exists' && parseReference(value) !== undefined) {
    return stringProblem(value);
  }
  if (!hasAcceptedType(operator, value)) {
    const reference = operator === 'regex' || operator === 'exists' ? '' : ' or a reference';
    return `operator ${operator} takes ${acceptedValues[operator]}${reference}; received ${describeValue(value)}`;
  }
  if (operator === 'regex') return regexTextProblem(value);
  const references = [value, ...(Array.isArray(value) ? value : [])]
    .filter((text) => typeof text === 'string')
    .map(referenceProblem);
  return references.find((problem) => problem !== undefined) ?? nestedProblem(value);
}

function hasAcceptedType(operator: Operator, value: unknown): boolean {
  switch (operator) {
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return typeof value === 'number' || typeof value === 'string';
    case 'in':
    case 'nin':
      return Array.isArray(value) && value.length <= filterLimits.elements;
    case 'regex':
      return typeof value === 'string' && value !== '';
    case 'exists':
      return typeof value === 'boolean';
    default:
      return value !== undefined;
  }
}

function regexTextProblem(value: unknown): Problem {
  if (parseReference(value) === undefined) return stringProblem(value);
  return `operator regex takes its expression literally; received the reference ${value}`;
}

/** What is wrong with what `timestamp` is compared with, or undefined. */
export function timeProblem(operator: Operator, value: unknown): Problem {
  if (parseReference(value) !== undefined) return undefined;
  const values: readonly unknown[] =
    Array.isArray(value) && (operator === 'in' || operator === 'nin') ? value : [value];
  const wrong = values.findIndex((one) => parseReference(one) === undefined && !isTime(one));
  if (wrong === -1) return undefined;
  return `timestamp is compared with ${instantAccepted}, or a reference to one; received ${describeValue(values[wrong])}`;
}

const isTime = (value: unknown): boolean => typeof value === 'string' && parseInstant(value) !== undefined;

export function stringProblem(value: unknown): Problem {
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.byteLength(value);
  if (bytes <= filterLimits.stringBytes) return undefined;
  return `a string may have ${filterLimits.stringBytes} bytes; received ${bytes}: ${describeValue(value)}`;
}

// Level by level and not recursively, because the depth is not bounded yet.
function nestedProblem(value: unknown): Problem {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const problem = level.map(leafProblem).find((found) => found !== undefined);
    if (problem !== undefined) return problem;
    level = level.flatMap((node) =>
      typeof node === 'object' && node !== null ? [...Object.keys(node), ...Object.values(node)] : [],
    );
    if (depth >= filterLimits.valueDepth && level.length > 0) {
      return `a value may nest ${filterLimits.valueDepth} levels; received more`;
    }
  }
  return undefined;
}

function leafProblem(value: unknown): Problem {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return `a number must be finite; received ${describeValue(value)}, which JSON cannot store`;
  }
  return stringProblem(value);
}
