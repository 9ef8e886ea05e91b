import { Problem } from '#core/problem/problem.ts';
import type { EndpointState, EndpointStatus } from './endpoint.ts';

export const statusActions = ['pause', 'resume', 'enable', 'disable'] as const;
export type StatusAction = (typeof statusActions)[number];

/**
 * The state after an action. Repeating an action changes nothing and is no error: then the same state object
 * comes back. Enabling leaves a paused endpoint paused, since it is not disabled.
 *
 * @throws Problem `wrong_state` for pausing or resuming a disabled endpoint, which would hide that it is off
 */
export function changeStatus(state: EndpointState, action: StatusAction, now: number): EndpointState {
  const target = targetOf(state.status, action);
  return target === state.status ? state : { status: target, since: now };
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
