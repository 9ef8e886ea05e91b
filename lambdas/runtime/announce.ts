import type { AttentionStore } from '../adapters/dynamodb/config/attention-store.ts';
import type { createLifecycle } from '../adapters/eventbridge/lifecycle.ts';
import { type LifecycleEvent, lifecycleId } from '../core/lifecycle/lifecycle-event.ts';

/**
 * Publishes what happened to an endpoint, and then notes that it was. The scheduler looks at endpoints to which
 * something happened and publishes what a crash kept from being noted: so it is told at least once.
 */
export function createAnnounce(
  lifecycle: ReturnType<typeof createLifecycle>,
  attention: Pick<AttentionStore, 'announced'>,
) {
  return async (event: LifecycleEvent): Promise<void> => {
    await lifecycle.publish(event);
    await attention.announced(event.endpointId, lifecycleId(event));
  };
}
