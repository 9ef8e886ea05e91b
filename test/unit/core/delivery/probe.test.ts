import { describe, expect, it } from 'vitest';
import type { Circuit } from '#core/circuit/circuit.ts';
import type { Attempt, Delivery } from '#core/delivery/delivery.ts';
import { circuitStateFor, inProbeOrder, mayProbe, otherFailure } from '#core/delivery/probe.ts';
import { openCircuit } from '#test/support/circuits.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { attemptOf, deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';

const circuitBreaker = { enabled: true, threshold: 5, timeout: 60_000 };
const recordWith = (circuit?: Circuit) => ({
  endpoint: anEndpoint({ id: 'ep_1', applicationId: 'default', circuitBreaker }),
  state: { status: 'active', since: 0 } as const,
  ...(circuit && { circuit }),
});
const halfOpen = recordWith(openCircuit({ failingSince: noon, until: noon + 60_000 }));
const later = noon + 60_000;

const failure = (startedAt: number, change: Partial<Attempt> = {}): Attempt =>
  attemptOf({ startedAt, success: false, statusCode: 500, retryable: true, ...change });
const held = (...attempts: readonly Attempt[]): Delivery =>
  movedTo(deliveryOf({ attempts }), { status: 'held', heldFor: 'circuit', since: noon });

describe('a delivery that may be the probe', () => {
  it.each<[string, Delivery, string]>([
    ['was never tried', held(), 'probe'],
    ['failed before the endpoint was last alive', held(failure(noon - 1)), 'probe'],
    ['got a 429', held(failure(noon + 1, { statusCode: 429 })), 'probe'],
    ['failed since', held(failure(noon)), 'wait'],
    ['got no answer since', held(failure(noon, { statusCode: undefined, errorClass: 'timeout' })), 'wait'],
  ])('one that %s: %#', (_, delivery, expected) => {
    expect(circuitStateFor(halfOpen, delivery, later)).toBe(expected);
    expect(mayProbe(halfOpen, delivery, later)).toBe(expected === 'probe');
  });

  it('one that failed, if the scheduler chose it', () => {
    const chosen = movedTo(held(failure(noon)), { status: 'queued', dueAt: later, isProbe: true });
    expect(circuitStateFor(halfOpen, chosen, later)).toBe('probe');
  });

  it('none before its time, and any once the circuit is closed', () => {
    const closed = recordWith({ state: 'closed', revision: 1, epoch: 0, failures: 1, failingSince: noon });
    expect(circuitStateFor(halfOpen, held(), later - 1)).toBe('wait');
    expect(circuitStateFor(closed, held(failure(noon)), later)).toBe('go');
    expect(mayProbe(undefined, held(), later)).toBe(false);
  });
});

describe('the other failure of a delivery', () => {
  it('is its last one, without the attempt itself and without what says nothing', () => {
    const answers = [{ statusCode: 404 }, { statusCode: 429 }, { statusCode: 200, success: true }];
    const attempts = [
      ...[failure(1), failure(2), failure(7)],
      ...answers.map((change, index) => failure(3 + index, change)),
    ];
    expect(otherFailure({ attempts }, 7)).toBe(2);
    expect(otherFailure({ attempts }, 8)).toBe(7);
    expect(otherFailure({ attempts: [failure(7)] }, 7)).toBeUndefined();
  });
});

describe('the order in which held deliveries probe', () => {
  const at = (second: number, ...attempts: readonly Attempt[]) => ({
    ...held(...attempts),
    eventId: `evt_${second}`,
  });
  const order = (...all: readonly Delivery[]) => inProbeOrder(all, noon).map(({ eventId }) => eventId);

  it('begins with the oldest of those that did not fail since the endpoint was last alive', () => {
    const bad = at(1, failure(noon), failure(noon + 9));
    expect(order(bad, at(3), at(2, failure(noon - 9)))).toEqual(['evt_2', 'evt_3', 'evt_1']);
  });

  it('goes on with the fewest failures, and repeats the last probe only when there is no other', () => {
    const last = at(1, failure(noon + 9));
    const often = at(2, failure(noon), failure(noon + 1), failure(noon + 2));
    const seldom = at(3, failure(noon + 1));
    expect(order(last, often, seldom)).toEqual(['evt_3', 'evt_2', 'evt_1']);
    expect(order(last)).toEqual(['evt_1']);
  });
});
