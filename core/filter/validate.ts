import { describeValue } from '#core/json/describe.ts';
import { isObject, type JsonObject } from '#core/json/merge-patch.ts';
import { type CostContext, conditionCost, type FilterCost, mostSteps, noCost, sumOfCosts } from './cost.ts';
import { comparesTimes, parseField } from './field.ts';
import {
  type Condition,
  cheaperFilters,
  type Filter,
  filterLimits,
  isGroup,
  logics,
  operators,
} from './filter.ts';
import { stringProblem, timeProblem, valueProblem } from './value.ts';

/** Something that is wrong, and its path of keys and indexes from the filter's root. */
interface FilterProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Path = FilterProblem['path'];

/**
 * Everything that is wrong with a filter as received (parsed JSON); empty when it may be saved. `checkCost` checks its
 * expressions and its cost, which needs an engine.
 */
export function filterProblems(input: unknown): FilterProblem[] {
  const problems: FilterProblem[] = [];
  const counts = { conditions: 0, groups: 0 };
  checkGroup(input, []);
  if (counts.conditions > filterLimits.conditions || counts.groups > filterLimits.groups) {
    const received = `${counts.conditions} conditions in ${counts.groups} groups`;
    return [
      {
        path: [],
        message: `a filter may hold ${filterLimits.conditions} conditions and ${filterLimits.groups} groups; received ${received}`,
      },
    ];
  }
  // A filter without other problems is shallow enough for JSON.stringify.
  const bytes = problems.length === 0 ? Buffer.byteLength(JSON.stringify(input)) : 0;
  if (bytes > filterLimits.totalBytes) {
    report([], `a filter may have ${filterLimits.totalBytes} bytes as JSON; received ${bytes}`);
  }
  return problems;

  function report(path: Path, message: string | undefined): void {
    if (message !== undefined) problems.push({ path, message });
  }

  function reportUnknownKeys(object: object, path: Path, known: readonly string[]): void {
    const unknown = Object.keys(object).filter((key) => !known.includes(key));
    for (const key of unknown.slice(0, 3)) {
      report([...path, key], `received an unknown field; accepted: the fields ${known.join(', ')}`);
    }
  }

  function checkGroup(group: unknown, path: Path): void {
    counts.groups += 1;
    if (!isObject(group)) {
      report(path, `a filter is an object {logic, conditions}; received ${describeValue(group)}`);
      return;
    }
    reportUnknownKeys(group, path, ['logic', 'conditions']);
    const { logic, conditions } = group;
    if (logic !== undefined && !logics.some((known) => known === logic)) {
      report([...path, 'logic'], `logic is AND or OR; received ${describeValue(logic)}`);
    }
    if (conditions === undefined) return;
    if (!Array.isArray(conditions)) {
      report([...path, 'conditions'], `conditions is an array; received ${describeValue(conditions)}`);
      return;
    }
    // Each level adds two segments to the path: `conditions` and an index.
    const level = path.length / 2 + 1;
    for (const [index, node] of conditions.entries()) checkNode(node, [...path, 'conditions', index], level);
  }

  function checkNode(node: unknown, path: Path, level: number): void {
    if (!isObject(node)) {
      report(
        path,
        `a condition is an object {field, operator, value} or {logic, conditions}; received ${describeValue(node)}`,
      );
    } else if (!('conditions' in node || 'logic' in node)) {
      counts.conditions += 1;
      checkCondition(node, path);
    } else if (level >= filterLimits.levels) {
      report(path, `groups may nest ${filterLimits.levels} levels; received more`);
    } else {
      checkGroup(node, path);
    }
  }

  function checkCondition(condition: JsonObject, path: Path): void {
    reportUnknownKeys(condition, path, ['field', 'operator', 'value']);
    const field = parseField(condition.field);
    report([...path, 'field'], typeof field === 'string' ? field : stringProblem(condition.field));
    const operator = operators.find((known) => known === condition.operator);
    if (operator === undefined) {
      const received = describeValue(condition.operator);
      report([...path, 'operator'], `operator is one of ${operators.join(', ')}; received ${received}`);
    } else {
      const isTime = typeof field !== 'string' && comparesTimes(field, operator);
      const time = isTime ? timeProblem(operator, condition.value) : undefined;
      report([...path, 'value'], valueProblem(operator, condition.value) ?? time);
    }
  }
}

/** A filter that may not be saved, although its form is accepted. */
interface CostProblem extends FilterProblem {
  readonly accepted: string;
}

interface CheckedCost {
  readonly cost: FilterCost;
  /** Expressions that the engine refuses, or the conditions that make the filter too expensive. */
  readonly problems: readonly CostProblem[];
}

/**
 * What a filter costs, and what is wrong with it: expressions that the engine refuses, with its reason, or more steps
 * than a filter may take for the largest event.
 */
export function checkCost(filter: Filter, context: CostContext): CheckedCost {
  const invalid: CostProblem[] = [];
  const found: { readonly path: Path; readonly condition: Condition; readonly cost: FilterCost }[] = [];
  const inGroup = (group: Filter, path: Path): void => {
    for (const [index, node] of group.conditions.entries()) {
      const here = [...path, 'conditions', index];
      if (isGroup(node)) inGroup(node, here);
      else add(node, here);
    }
  };
  inGroup(filter, []);
  const cost = found.map((one) => one.cost).reduce(sumOfCosts, noCost);
  if (invalid.length > 0 || mostSteps(cost) <= filterLimits.steps) return { cost, problems: invalid };
  const [most] = found.sort((left, right) => mostSteps(right.cost) - mostSteps(left.cost));
  return { cost, problems: most === undefined ? [] : [tooExpensive(most.condition, most.path)] };

  function add(condition: Condition, path: Path): void {
    try {
      found.push({ path, condition, cost: conditionCost(condition, context) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `operator regex takes RE2 syntax; received ${describeValue(condition.value)}: ${reason}`;
      const accepted = 'RE2 syntax (github.com/google/re2/wiki/Syntax)';
      invalid.push({ path: [...path, 'value'], message, accepted });
    }
  }

  function tooExpensive(condition: Condition, path: Path): CostProblem {
    const accepted = `at most ${filterLimits.steps} steps for a filter and the largest event`;
    const message =
      `the filter takes up to ${mostSteps(cost)} steps for the largest event, ` +
      `${mostSteps(conditionCost(condition, context))} of them because it received ${describeValue(condition.value)}; ` +
      `accepted: ${accepted}. ${cheaperFilters}`;
    return { path: [...path, 'value'], message, accepted };
  }
}
