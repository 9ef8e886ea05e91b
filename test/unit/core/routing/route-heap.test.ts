import { describe, expect, it } from 'vitest';
import { defaultBounds } from '#core/application/limits.ts';
import { type Condition, filterLimits } from '#core/filter/filter.ts';
import type { Route } from '#core/routing/route.ts';
import { routeHeap } from '#core/routing/route-heap.ts';

const route = (patterns: readonly string[], ...conditions: Condition[]): Route => ({
  ...{ endpointId: 'ep_01kb0000000000000000000000', patterns, priority: 'normal' },
  ...(conditions.length > 0 && { filters: { logic: 'AND', conditions } }),
});
const plain = route(['order.created']);
const filtered = route(
  ['order.created'],
  { field: 'payload.order.currency', operator: 'eq', value: 'EUR' },
  { field: 'payload.order.amount', operator: 'gt', value: 100 },
);
// Looked up by ten values under each pattern, and the rest as long as it may be.
const largest = route(
  Array.from({ length: 100 }, (_, n) => `p${n}`.padEnd(128, 'x')),
  { field: 'payload.a', operator: 'in', value: Array.from({ length: 10 }, (_, n) => `value-${n}`) },
  ...Array.from({ length: 3 }, (): Condition => {
    const value = Array.from({ length: 42 }, (_, n) => `${n}`.padEnd(filterLimits.stringBytes, 'x'));
    return { field: 'payload.b', operator: 'nin', value };
  }),
);

it('has a largest route that may be saved', () => {
  const bytes = Buffer.byteLength(JSON.stringify(largest.filters));
  expect(bytes).toBeLessThan(filterLimits.totalBytes);
  expect(bytes).toBeGreaterThan(0.95 * filterLimits.totalBytes);
});

describe('the default room for routes', () => {
  // What docs/limits.md says of it, a little rounded down.
  it.each([
    [370_000, 'one event type', plain],
    [100_000, 'a filter of two conditions', filtered],
    [180, 'a hundred long patterns and 128 KB of filters', largest],
  ])('is for %d endpoints with %s, and few more', (count, _, one) => {
    const fits = defaultBounds.routeBytes / routeHeap(one);
    expect(fits).toBeGreaterThan(count);
    expect(fits).toBeLessThan(count * 1.12);
  });
});
