import { localAccount } from '../template/pseudo-parameters.ts';
import { type AccessDecision, type AuthorizationRequest, evaluate } from './evaluate.ts';
import type { Statement } from './statement.ts';

/**
 * Decides a use of a KMS key. The policies of a role count only as far as the policy of the key leaves the decision to
 * them, by allowing the account (KMS developer guide, "Default key policy").
 *
 * @param own of the caller's role
 * @param ofKey of the key's policy
 */
export function decideOnKey(
  own: readonly Statement[],
  ofKey: readonly Statement[],
  request: AuthorizationRequest,
): AccessDecision {
  const account = `arn:aws:iam::${localAccount}:root`;
  const left = evaluate(ofKey, { ...request, principalArn: account });
  if (left.allowed) return evaluate(own, request);
  return {
    allowed: false,
    reason: `because no resource-based policy allows the ${request.action} action`,
  };
}
