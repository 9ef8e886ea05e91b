import { describe, expect, it } from 'vitest';
import type { Circuit } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import {
  type LifecycleEvent,
  lifecycleDetail,
  lifecycleId,
  unannounced,
} from '#core/lifecycle/lifecycle-event.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { deliveryOf, noon } from '#test/support/deliveries.ts';

const minute = 60_000;
const { endpointId, eventId } = deliveryOf();
const of = { applicationId: 'app', endpointId };
const events: LifecycleEvent[] = [
  { type: 'endpoint.disabled', ...of, reason: '410_gone', since: noon },
  { type: 'circuit.opened', ...of, epoch: 3 },
  { type: 'circuit.closed', ...of, epoch: 3 },
  { type: 'delivery.dead', ...of, eventId, generation: 2, reason: 'exhausted' },
  { type: 'delivery.cancelled', ...of, eventId, generation: 2, reason: 'expired' },
];

describe('a lifecycle event', () => {
  it.each(events)('of the type $type has an id of its own that stays the same', (event) => {
    const others = events.filter((other) => other !== event);
    expect(lifecycleId({ ...event })).toBe(lifecycleId(event));
    expect(others.map(lifecycleId)).not.toContain(lifecycleId(event));
    expect(lifecycleDetail(event)).toMatchObject({ id: lifecycleId(event), version: 1, ...of });
    expect(lifecycleDetail(event)).not.toHaveProperty('type');
  });

  it('of a later generation, opening or disabling has another id', () => {
    const later: LifecycleEvent[] = [
      { type: 'endpoint.disabled', ...of, reason: '410_gone', since: noon + 1 },
      { type: 'circuit.opened', ...of, epoch: 4 },
      { type: 'delivery.dead', ...of, eventId, generation: 3, reason: 'exhausted' },
    ];
    for (const event of later) expect(events.map(lifecycleId)).not.toContain(lifecycleId(event));
  });

  it('tells times as ISO 8601 and which delivery', () => {
    expect(events.map(lifecycleDetail).map(({ since, deliveryId }) => [since, deliveryId])).toEqual([
      [new Date(noon).toISOString(), undefined],
      ...[1, 2].map(() => [undefined, undefined]),
      ...[1, 2].map(() => [undefined, expect.stringMatching(/^dlv_/)]),
    ]);
  });
});

describe('what was not announced of an endpoint', () => {
  const open: Circuit = {
    ...{
      state: 'open',
      revision: 1,
      epoch: 3,
      since: noon - minute,
      failures: 5,
      failingSince: noon - 2 * minute,
    },
    ...{ until: noon, reopenings: 0 },
  };
  const closed: Circuit = { state: 'closed', revision: 2, epoch: 4, since: noon - minute, failures: 0 };
  const active = { status: 'active', since: 0 } as const;
  const disabled = { status: 'disabled', since: noon - minute, reason: '410_gone' } as const;
  const record = (rest: Omit<EndpointRecord, 'endpoint'>, enabled = true): EndpointRecord => ({
    endpoint: anEndpoint({
      ...{ id: 'ep', applicationId: 'app' },
      circuitBreaker: { enabled, threshold: 5, timeout: minute },
    }),
    ...rest,
  });

  it.each([
    ['an opening', record({ state: active, circuit: open }), undefined, 'circuit.opened:ep:3'],
    [
      'an opening after another',
      record({ state: active, circuit: open }),
      'circuit.closed:ep:2',
      'circuit.opened:ep:3',
    ],
    [
      'an opening that was announced',
      record({ state: active, circuit: open }),
      'circuit.opened:ep:3',
      undefined,
    ],
    ['an opening without a breaker', record({ state: active, circuit: open }, false), undefined, undefined],
    ['a closing', record({ state: active, circuit: closed }), 'circuit.opened:ep:3', 'circuit.closed:ep:3'],
    [
      'a closing that was announced',
      record({ state: active, circuit: closed }),
      'circuit.closed:ep:3',
      undefined,
    ],
    ['a closing of what nobody heard of', record({ state: active, circuit: closed }), undefined, undefined],
    [
      'a disabling',
      record({ state: disabled, circuit: open }),
      'circuit.opened:ep:3',
      `endpoint.disabled:ep:${noon - minute}`,
    ],
    ['a disabling by hand', record({ state: { status: 'disabled', since: 0 } }), undefined, undefined],
    ['nothing', record({ state: active }), undefined, undefined],
  ])('is %s', (_, standing, announced, expected) => {
    const event = unannounced(standing, announced, noon);
    expect(event && lifecycleId(event)).toBe(expected);
  });

  it('is nothing while the function that changed the endpoint may still announce it', () => {
    const fresh = record({ state: active, circuit: { ...open, since: noon - 30_000 } });
    expect(unannounced(fresh, undefined, noon)).toBeUndefined();
    expect(unannounced(fresh, undefined, noon + 1)).toBeDefined();
  });
});
