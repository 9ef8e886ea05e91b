import type { Caller } from '#adapters/http-api/auth.ts';
import { Problem } from '#core/problem/problem.ts';

/** @throws Problem `operator_required` */
export function requireOperator(caller: Caller, action: string): void {
  if (caller.isOperator) return;
  throw new Problem('operator_required', {
    detail: `only an operator's token may ${action}`,
    accepted: "an operator's token with the scope admin",
  });
}
