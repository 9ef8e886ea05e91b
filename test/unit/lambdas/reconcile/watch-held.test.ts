import { describe, expect, it } from 'vitest';
import { type WatchHeldPorts, watchHeld } from '#lambdas/reconcile/watch-held.ts';
import { deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';

const held = () => movedTo(deliveryOf(), { status: 'held', heldFor: 'paused', since: noon });

function world(change: Partial<WatchHeldPorts> = {}) {
  const calls: string[] = [];
  const errors: unknown[] = [];
  const ports: WatchHeldPorts = {
    delivery: async () => held(),
    watched: async () => undefined,
    watch: async ({ endpointId, applicationId }) => void calls.push(`${applicationId} ${endpointId}`),
    onForgotten: (endpointId) => void calls.push(`forgotten ${endpointId}`),
    onError: (_, error) => void errors.push(error),
    ...change,
  };
  return { calls, errors, ports };
}

describe('endpoints of held deliveries', () => {
  it('are watched once each, if they are not', async () => {
    const [one, other] = [held(), held()];
    const second = { ...held(), endpointId: one.endpointId };
    const { calls, ports } = world({
      watched: async (endpointId) => (endpointId === other.endpointId ? {} : undefined),
    });
    await watchHeld([one, second, other], ports);
    expect(calls).toEqual([`default ${one.endpointId}`, `forgotten ${one.endpointId}`]);
  });

  it('are left when the index names a delivery that is gone', async () => {
    const { calls, ports } = world({ delivery: async () => undefined });
    await watchHeld([held()], ports);
    expect(calls).toEqual([]);
  });

  it('do not keep others from being watched when they cannot be checked', async () => {
    const [damaged, fine] = [held(), held()];
    const { calls, errors, ports } = world({
      delivery: async (endpointId) => {
        if (endpointId === damaged.endpointId) throw new Error('damaged');
        return fine;
      },
    });
    await watchHeld([damaged, fine], ports);
    expect(errors).toHaveLength(1);
    expect(calls).toContain(`default ${fine.endpointId}`);
  });
});
