import { describe, expect, it } from 'vitest';
import type { Filter } from '#core/filter/filter.ts';
import type { Route } from '#core/routing/route.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { anEvent } from '#test/support/config-fixtures.ts';

const ofCustomer = (customer: string): Filter => ({
  conditions: [{ field: 'payload.customer', operator: 'eq', value: customer }],
});

/** How the endpoints that do not match differ from those that do. */
const shapes: Record<string, (id: string, matches: boolean) => Route> = {
  'by their event types': (endpointId, matches) => ({
    endpointId,
    patterns: matches ? ['order.created', 'order.*'] : [`${endpointId}.created`, `${endpointId}.*`],
  }),
  'by a filter for their customer': (endpointId, matches) => ({
    endpointId,
    patterns: ['order.*'],
    filters: ofCustomer(matches ? 'ours' : endpointId),
  }),
};

const event = anEvent('order.created', { customer: 'ours' });

function indexOf(size: number, matching: number, shape: (id: string, matches: boolean) => Route) {
  const routes = Array.from({ length: size }, (_, n) => shape(`ep_${n}`, n < matching));
  const index = new RoutingIndex({ version: 1, applicationMetadata: {}, routes });
  expect(index.match(event)).toHaveLength(matching);
  return index;
}

/** Milliseconds of some calls: the best of many runs, which a busy machine disturbs least. */
function cost(index: RoutingIndex): number {
  const run = (): number => {
    const started = performance.now();
    for (let call = 0; call < 100; call += 1) index.match(event);
    return performance.now() - started;
  };
  return Math.min(...Array.from({ length: 15 }, run));
}

describe.each(Object.entries(shapes))('matching among endpoints that differ %s', (_, shape) => {
  it('does not grow with those that exist', () => {
    const few = cost(indexOf(500, 10, shape));
    const many = cost(indexOf(25_000, 10, shape));
    // Fifty times the endpoints; trying each would take fifty times as long.
    expect(many / few).toBeLessThan(5);
  });

  it('grows with those that match', () => {
    const few = cost(indexOf(5_000, 10, shape));
    const many = cost(indexOf(5_000, 1_000, shape));
    expect(many / few).toBeGreaterThan(10);
    expect(many / few).toBeLessThan(1_000);
  });
});
