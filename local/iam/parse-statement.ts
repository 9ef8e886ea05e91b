import { isObject, listOf } from '../json/json.ts';
import type { PatternSelection, PolicyCondition, Statement } from './statement.ts';

/**
 * Reads the statements of a policy document whose intrinsics are resolved.
 *
 * @param at the path of the document, for errors, e.g. `Resources.RolePolicy.Properties.PolicyDocument`
 * @throws Error for a statement that the local run does not evaluate (NotPrincipal, policy variables) or IAM refuses
 */
export function parsePolicyDocument(document: unknown, at: string): readonly Statement[] {
  if (!isObject(document) || document.Statement === undefined) {
    throw new Error(`${at}: expected a policy document with a Statement, got ${JSON.stringify(document)}`);
  }
  return listOf(document.Statement).map((statement, i) => parseStatement(statement, `${at}.Statement.${i}`));
}

export function parseStatement(statement: unknown, at: string): Statement {
  const fail = (why: string): never => {
    throw new Error(`${at}: ${why} in ${JSON.stringify(statement)}`);
  };
  if (!isObject(statement)) return fail('expected a statement');
  const { Sid, Effect, Principal } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') return fail('expected Effect Allow or Deny');
  if (statement.NotPrincipal !== undefined) return fail('the local run does not evaluate NotPrincipal');
  return {
    sid: typeof Sid === 'string' ? Sid : undefined,
    effect: Effect,
    actions: selection(statement.Action, statement.NotAction) ?? fail('expected Action or NotAction'),
    resources:
      selection(statement.Resource, statement.NotResource) ?? fail('expected Resource or NotResource'),
    conditions: conditionsOf(statement.Condition, fail),
    principals: Principal === undefined ? undefined : principalsOf(Principal),
  };

  function selection(only: unknown, allBut: unknown): PatternSelection | undefined {
    const patterns = listOf(only ?? allBut).map((pattern) => literal(pattern, fail));
    if (patterns.length === 0 || (only !== undefined && allBut !== undefined)) return undefined;
    return { kind: only === undefined ? 'all-but' : 'only', patterns };
  }
}

type Fail = (why: string) => never;

function conditionsOf(block: unknown, fail: Fail): readonly PolicyCondition[] {
  if (block === undefined) return [];
  if (!isObject(block)) return fail('expected Condition to be an object');
  return Object.entries(block).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, values]) => ({
          operator,
          key,
          values: listOf(values).map((value) => literal(value, fail)),
        }))
      : fail(`expected the keys of ${operator}`),
  );
}

// Policy variables such as `${aws:username}` have no value for a Lambda role.
function literal(value: unknown, fail: Fail): string {
  if (typeof value === 'object' || value === undefined)
    return fail(`expected a text, got ${JSON.stringify(value)}`);
  const text = String(value);
  return text.includes('${') ? fail(`the local run does not fill in the policy variable ${text}`) : text;
}

function principalsOf(principal: unknown): readonly string[] {
  return isObject(principal)
    ? Object.values(principal).flatMap((value) => listOf(value).map(String))
    : listOf(principal).map(String);
}
