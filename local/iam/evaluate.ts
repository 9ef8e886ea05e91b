import { testConditions } from './condition.ts';
import type { RequestContext } from './context-keys.ts';
import type { PatternSelection, Statement } from './statement.ts';
import { matchesArn, matchesWildcard } from './wildcard.ts';

export interface AuthorizationRequest {
  /** e.g. `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for actions without a resource. */
  readonly resource: string;
  readonly context: RequestContext;
  /** The caller's role ARN, for statements of resource policies. */
  readonly principalArn?: string;
}

export type AccessDecision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** In the words of AWS, e.g. `because no identity-based policy allows the sqs:sendmessage action`. */
      readonly reason: string;
    };

/**
 * Decides a request as IAM does inside one account: an explicit Deny wins; otherwise one Allow is needed, in the policies
 * of the caller or of the resource.
 *
 * A condition key or operator that the local run does not know never allows a request: such an Allow does not match, such
 * a Deny does, and the reason names it.
 */
export function evaluate(statements: readonly Statement[], request: AuthorizationRequest): AccessDecision {
  let allowed = false;
  let doubt: string | undefined;
  for (const statement of statements) {
    if (!speaksAbout(statement, request)) continue;
    const conditions = testConditions(statement.conditions, request.context);
    if (conditions.kind === 'false') continue;
    if (statement.effect === 'Deny') return { allowed: false, reason: deniedBy(statement, conditions) };
    if (conditions.kind === 'true') allowed = true;
    else doubt ??= conditions.reason;
  }
  if (allowed) return { allowed: true };
  const reason = `because no identity-based policy allows the ${request.action} action`;
  return { allowed: false, reason: doubt === undefined ? reason : `${reason} (${doubt})` };
}

function deniedBy(statement: Statement, conditions: ReturnType<typeof testConditions>): string {
  const policy = statement.principals === undefined ? 'an identity-based policy' : 'a resource-based policy';
  const sid = statement.sid === undefined ? '' : ` (${statement.sid})`;
  const doubt = conditions.kind === 'unknown' ? ` (${conditions.reason})` : '';
  return `with an explicit deny in ${policy}${sid}${doubt}`;
}

function speaksAbout(statement: Statement, request: AuthorizationRequest): boolean {
  const action = request.action.toLowerCase();
  return (
    selects(statement.actions, (pattern) => matchesWildcard(pattern.toLowerCase(), action)) &&
    selects(statement.resources, (pattern) => matchesArn(pattern, request.resource)) &&
    (statement.principals === undefined ||
      includesCaller(statement, statement.principals, request.principalArn))
  );
}

function selects(selection: PatternSelection, matches: (pattern: string) => boolean): boolean {
  return selection.patterns.some(matches) === (selection.kind === 'only');
}

// The account as principal leaves the decision to the caller's policies: it allows no caller by itself, but denies all.
function includesCaller(
  statement: Statement,
  principals: readonly string[],
  caller: string | undefined,
): boolean {
  const account = caller?.split(':')[4];
  return principals.some(
    (principal) =>
      principal === '*' ||
      principal === caller ||
      (statement.effect === 'Deny' &&
        account !== undefined &&
        (principal === account || principal === `arn:aws:iam::${account}:root`)),
  );
}
