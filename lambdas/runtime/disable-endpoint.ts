import type { AttentionStore } from '../adapters/dynamodb/config/attention-store.ts';
import type { TargetReader } from '../adapters/dynamodb/config/target-reader.ts';
import type { createAnnounce } from './announce.ts';

interface Ports {
  readonly attention: Pick<AttentionStore, 'watch'>;
  readonly config: Pick<TargetReader, 'disable'>;
  readonly announce: ReturnType<typeof createAnnounce>;
  /** Epoch milliseconds. */
  now(): number;
}

/** Disables an endpoint, unless somebody changed its status after `asOf` (epoch ms), and tells of it. */
export function createDisableEndpoint({ attention, config, announce, now }: Ports) {
  return async (
    { applicationId, endpointId }: { readonly applicationId: string; readonly endpointId: string },
    reason: string,
    asOf: number,
  ): Promise<void> => {
    // Watched first: the scheduler takes away its route, which needs rights that no caller of this has, and ends what is held.
    await attention.watch({ applicationId, endpointId });
    const since = now();
    if (await config.disable(endpointId, reason, since, asOf))
      await announce({ type: 'endpoint.disabled', applicationId, endpointId, reason, since });
  };
}
