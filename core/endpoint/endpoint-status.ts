import { Problem } from '#core/problem/problem.ts';
import type { EndpointState, EndpointStatus } from './endpoint.ts';

export const statusActions = ['pause', 'resume', 'enable', 'disable'] as const;
export type StatusAction = (typeof statusActions)[number];

/**
 * The state after an action; the same object if the action changes nothing, such as a repeated action. A paused endpoint
 * stays paused when it is enabled.
 *
 * @throws Problem `wrong_state` for pausing or resuming a disabled endpoint, because that would hide that it is disabled
 */
export function changeStatus(state: EndpointState, action: StatusAction, now: number): EndpointState {
  const target = targetOf(state.status, action);
  // Clocks differ. What was seen before this change, such as a 410, must not undo it.
  return target === state.status ? state : { status: target, since: Math.max(now, state.since + 1) };
}

function targetOf(status: EndpointStatus, action: StatusAction): EndpointStatus {
  if (action === 'disable') return 'disabled';
  if (action === 'enable') return status === 'disabled' ? 'active' : status;
  if (status === 'disabled') {
    throw new Problem('wrong_state', {
      detail: `a disabled endpoint cannot be ${action}d; enable it first`,
      accepted: 'an endpoint that is active or paused',
    });
  }
  return action === 'pause' ? 'paused' : 'active';
}
