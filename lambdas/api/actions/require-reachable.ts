import { Problem } from '#core/problem/problem.ts';
import type { Uses } from '../services.ts';

/**
 * Refuses to start deliveries to an endpoint that is disabled or deleted, because the deliver function would cancel them.
 *
 * @throws Problem `wrong_state`
 */
export async function requireReachable(
  { endpoints }: Uses<'endpoints', 'outline'>,
  applicationId: string,
  endpointId: string,
): Promise<void> {
  const record = await endpoints.outline(applicationId, endpointId);
  if (record !== undefined && record.state.status !== 'disabled') return;
  throw new Problem('wrong_state', {
    detail: record
      ? `endpoint ${endpointId} is disabled; enable it first`
      : `endpoint ${endpointId} was deleted`,
    accepted: 'an endpoint that is active or paused',
  });
}
