import type { createAnnounce } from './announce.ts';

interface Ports {
  readonly attention: {
    watch(endpoint: { readonly endpointId: string; readonly applicationId: string }): Promise<void>;
  };
  readonly config: {
    /** False when the endpoint's status changed after `asOf`, or the endpoint is deleted. */
    disable(endpointId: string, reason: string, now: number, asOf?: number): Promise<boolean>;
  };
  readonly announce: ReturnType<typeof createAnnounce>;
  /** Epoch milliseconds. */
  now(): number;
}

/** Disables an endpoint, unless its status changed after `asOf` (epoch milliseconds), and announces it. */
export function createDisableEndpoint({ attention, config, announce, now }: Ports) {
  return async (
    { applicationId, endpointId }: { readonly applicationId: string; readonly endpointId: string },
    reason: string,
    asOf: number,
  ): Promise<void> => {
    // Watched first, so that the scheduler deletes its route, which the policies of the callers do not allow, and releases
    // what is held.
    await attention.watch({ applicationId, endpointId });
    // Clocks differ. A status that is set later has to be later than this one.
    const since = Math.max(now(), asOf);
    if (await config.disable(endpointId, reason, since, asOf))
      await announce({ type: 'endpoint.disabled', applicationId, endpointId, reason, since });
  };
}
