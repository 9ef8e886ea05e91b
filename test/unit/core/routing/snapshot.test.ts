import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventTypeRule } from '#core/event-type/event-type.ts';
import { type Route, type RouteChange, routeOf } from '#core/routing/route.ts';
import {
  decodeChange,
  decodeRoute,
  encodeChange,
  encodedSize,
  encodeRoute,
} from '#core/routing/route-codec.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { longestPiece, packRoutes, unpackRoutes } from '#core/routing/snapshot.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

// Keys without escapes, because V8 may misread those (nodejs/node#63785); through JSON, because it makes 0 of -0.
const key = fc.stringMatching(/^[a-zé_ ]{1,8}$/);
const json = fc
  .anything({ key, maxDepth: 2, values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)] })
  .map(throughJson);
const metadata = fc.dictionary(key, json, { noNullPrototype: true, minKeys: 1 });
const filters = fc.record({
  logic: fc.constantFrom('AND' as const, 'OR' as const),
  conditions: fc.array(
    fc.record({
      field: fc.constant('payload.a'),
      operator: fc.constantFrom('eq' as const, 'in' as const),
      value: json,
    }),
    { maxLength: 3 },
  ),
});
const route: fc.Arbitrary<Route> = fc.record(
  {
    endpointId: fc.string(),
    patterns: fc.array(fc.string(), { maxLength: 3 }),
    filters,
    cost: fc.record({ fixed: fc.nat(), perCharacter: fc.nat(), preparation: fc.nat() }),
    priority: fc.constantFrom('high' as const, 'normal' as const, 'low' as const),
    metadata,
  },
  { requiredKeys: ['endpointId', 'patterns'] },
);
const rule: fc.Arbitrary<EventTypeRule> = fc.record(
  { name: fc.string(), archived: fc.boolean(), schemaVersion: fc.nat() },
  { requiredKeys: ['name', 'archived'] },
);
const change: fc.Arbitrary<RouteChange> = fc.oneof(
  fc.record({ version: fc.nat(), kind: fc.constant('endpoint' as const), route }),
  fc.record({ version: fc.nat(), kind: fc.constant('endpointRemoved' as const), endpointId: fc.string() }),
  fc.record({ version: fc.nat(), kind: fc.constant('application' as const), metadata }),
  fc.record({ version: fc.nat(), kind: fc.constant('eventType' as const), rule }),
  fc.record({ version: fc.nat(), kind: fc.constant('eventTypeRemoved' as const), name: fc.string() }),
);

/** Digits that compress badly, the same every time. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state % 36).toString(36);
  }).join('');
}

const manyRoutes = (count: number): Route[] =>
  Array.from({ length: count }, (_, n) => ({
    endpointId: `ep_${n.toString().padStart(6, '0')}`,
    patterns: [`type-${n}.*`],
  }));

describe('the projection of an endpoint', () => {
  const endpoint = { id: 'ep_1', events: ['a', 'b', 'a'], metadata: { minimum: 1, secret: 'x' } };

  it('leaves out what matching does not need', () => {
    expect(routeOf(endpoint)).toEqual({ endpointId: 'ep_1', patterns: ['a', 'b'] });
    expect(routeOf({ ...endpoint, filters: { logic: 'AND', conditions: [] } })).toEqual(routeOf(endpoint));
  });

  it('keeps the metadata that filters refer to, and no other', () => {
    const using = {
      conditions: [{ field: 'type', operator: 'gt' as const, value: `\${endpoint.metadata.minimum}` }],
    };
    expect(routeOf({ ...endpoint, filters: using, priority: 'high' })).toEqual({
      endpointId: 'ep_1',
      patterns: ['a', 'b'],
      priority: 'high',
      filters: using,
      metadata: { minimum: 1 },
    });
  });
});

describe('the route codec', () => {
  it('keeps every route through JSON', () => {
    fc.assert(
      fc.property(route, (one) => {
        expect(decodeRoute(throughJson(encodeRoute(one)))).toEqual(one);
      }),
    );
  });

  it('keeps every change through JSON', () => {
    fc.assert(
      fc.property(change, (one) => {
        expect(decodeChange(throughJson(encodeChange(one)))).toEqual(one);
      }),
    );
  });

  it('says how large a route is', () => {
    const one = { endpointId: 'ep_1', patterns: ['a.*'] };
    expect(encodedSize(one)).toBe('[1,"ep_1",["a.*"]]'.length);
  });

  it.each([
    [null],
    [[2, 'ep_1', ['a']]],
    [[1, 7, ['a']]],
    [[1, 'ep_1', 'a']],
    [[1, 'ep_1', ['a'], 'urgent']],
    [{}],
  ])('refuses %j', (encoded) => {
    expect(() => decodeRoute(encoded)).toThrow(`not a route of schema 1: ${JSON.stringify(encoded)}`);
  });

  it.each([
    [null],
    [[1, 'endpointMoved', 'ep_1']],
    [['1', 'endpointRemoved', 'ep_1']],
    [[1, 'application', []]],
  ])('refuses the change %j', (encoded) => {
    expect(() => decodeChange(encoded)).toThrow('not a routing change');
  });
});

describe('a routing snapshot', () => {
  it('gives back what was packed, whatever the order of its pieces', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        metadata,
        fc.array(route, { maxLength: 20 }),
        fc.array(rule, { maxLength: 5 }),
        (version, applicationMetadata, routes, eventTypes) => {
          const pieces = packRoutes(version, applicationMetadata, routes, eventTypes);
          expect(unpackRoutes(pieces.toReversed())).toEqual({
            version,
            applicationMetadata,
            routes,
            eventTypes,
          });
        },
      ),
    );
  });

  it('cuts what is large into pieces that fit', () => {
    const routes = [...manyRoutes(10), { endpointId: noise(1_500_000), patterns: ['*'] }];
    const pieces = packRoutes(3, {}, routes);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.every((piece) => piece.length <= longestPiece)).toBe(true);
    expect(unpackRoutes(pieces.toReversed()).routes).toEqual(routes);
  });

  it('refuses pieces that do not belong together', () => {
    const large = (version: number): Uint8Array[] => packRoutes(version, { noise: noise(600_000) }, []);
    const [first = new Uint8Array(), second = new Uint8Array()] = large(1);
    const [, otherSecond = new Uint8Array()] = large(2);
    expect(large(1)).toHaveLength(2);
    expect(() => unpackRoutes([first])).toThrow('pieces of one routing snapshot are needed, each once');
    expect(() => unpackRoutes([first, first])).toThrow('received 1/2 of version 1, 1/2 of version 1');
    expect(() => unpackRoutes([first, second, second])).toThrow('each once');
    expect(() => unpackRoutes([first, otherSecond])).toThrow('received 1/2 of version 1, 2/2 of version 2');
    expect(() => unpackRoutes([])).toThrow('received none');
    expect(() => unpackRoutes([Uint8Array.from({ length: 40 }, () => 9)])).toThrow(
      'has schema 2; received 9',
    );
    expect(unpackRoutes([second, first]).version).toBe(1);
  });

  it('carries 100,000 routes into an index', () => {
    const routes = manyRoutes(100_000);
    const pieces = packRoutes(7, {}, routes);
    expect(pieces.every((piece) => piece.length <= longestPiece)).toBe(true);
    const index = new RoutingIndex(unpackRoutes(pieces));
    const event = {
      id: 'e',
      type: 'type-99999.x',
      tags: [],
      timestamp: '',
      payloadLength: 2,
      payload: () => ({}),
    };
    expect(index.match(event)).toEqual([{ endpointId: 'ep_099999' }]);
    expect(index.version).toBe(7);
  });
});
