import { describe, expect, it } from 'vitest';
import type { Condition } from '#core/filter/filter.ts';
import { filterLoad } from '#core/routing/filter-load.ts';
import type { Route } from '#core/routing/route.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { anEvent } from '#test/support/config-fixtures.ts';

const steps = 1_000;
let made = 0;

function route(patterns: readonly string[], ...conditions: readonly Condition[]): Route {
  made += 1;
  const ne: Condition = { field: 'payload.a', operator: 'ne', value: 0 };
  const filters = { conditions: [...conditions, ne] };
  const cost = { fixed: steps, perCharacter: 0, preparation: 0 };
  return { endpointId: `ep_${made}`, patterns, filters, cost };
}

const ofCustomer = (value: unknown): Condition => ({ field: 'payload.customer', operator: 'eq', value });
const ofCountry = (...value: unknown[]): Condition => ({ field: 'payload.country', operator: 'in', value });

describe('the load of filters', () => {
  it.each<[string, Route[], number, string]>([
    ['none', [], 0, '*'],
    ['endpoints without filters', [{ endpointId: 'ep', patterns: ['*'] }], 0, '*'],
    ['the same type', [route(['a']), route(['a'])], 2, 'a'],
    ['different types', [route(['a']), route(['b']), route(['c'])], 1, 'a'],
    [
      'types and all that cover them',
      [route(['*']), route(['a.*']), route(['a.b.*']), route(['a.b.c'])],
      4,
      'a.b.c',
    ],
    ['a wildcard that covers no type below it', [route(['a.*']), route(['a'])], 1, 'a.*'],
    [
      'two branches',
      [route(['a.*']), route(['a.b']), route(['b.*']), route(['b.c']), route(['b.c'])],
      3,
      'b.c',
    ],
    ['an endpoint with several patterns for a type', [route(['*', 'a.*', 'a.b'])], 1, '*'],
    ['endpoints of different customers', [1, 2, 3].map((n) => route(['a'], ofCustomer(n))), 1, 'a'],
    ['endpoints of one customer', [1, 2, 1].map((n) => route(['a'], ofCustomer(n))), 2, 'a'],
    ['customers and countries', [route(['a'], ofCustomer(1)), route(['a'], ofCountry('de'))], 2, 'a'],
    ['lists of values', [route(['a'], ofCountry('de', 'fr')), route(['a'], ofCountry('fr', 'fr'))], 2, 'a'],
    ['customers and others', [route(['a'], ofCustomer(1)), route(['a']), route(['b'])], 2, 'a'],
  ])('counts what one event may meet: %s', (_, routes, expected, pattern) => {
    expect(filterLoad(routes)).toEqual({ steps: expected * steps, pattern });
  });

  it('is what an index asks for at most', () => {
    const routes = [
      route(['*']),
      route(['a.*'], ofCustomer(1)),
      route(['a.b'], ofCustomer(2)),
      route(['a.b'], ofCountry('de', 'fr')),
      route(['a.b', 'a.*']),
    ];
    const index = new RoutingIndex({ version: 1, applicationMetadata: {}, routes });
    const load = filterLoad(routes);
    for (const customer of [1, 2, 3]) {
      for (const country of ['de', 'us']) {
        let asked = 0;
        const event = { ...anEvent('a.b', { customer, country }), payloadLength: 0 };
        index.match(event, (some) => {
          asked += some;
        });
        // Looking the event up by two fields in two patterns takes steps as well.
        expect(asked).toBeLessThanOrEqual(load.steps + 200);
        expect(asked).toBeGreaterThanOrEqual(2 * steps);
      }
    }
  });
});
