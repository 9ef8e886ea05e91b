import { describe, expect, it } from 'vitest';
import type { RouteChange } from '#core/routing/route.ts';
import { decodeChange, encodeChange } from '#core/routing/route-codec.ts';
import { packRoutes, unpackRoutes } from '#core/routing/snapshot.ts';

// The form of routes in the ConfigTable: in the log of changes and in packed snapshots, which functions of another release
// read. How to change one on purpose: before the first release change the list below and say so in CHANGELOG.md; later raise
// the number in front of it and read both.

const filters = { conditions: [{ field: 'payload.a', operator: 'eq', value: 1 }] } as const;
const route = {
  endpointId: 'ep_1',
  patterns: ['a.*'],
  priority: 'high',
  filters,
  cost: { fixed: 3, perCharacter: 0.5, preparation: 4 },
  metadata: { b: 2 },
} as const;
const rule = { name: 'a.b', archived: true, schemaVersion: 3 };

const frozen: readonly (readonly [RouteChange, readonly unknown[]])[] = [
  [
    { version: 7, kind: 'endpoint', route },
    [7, 'endpoint', [1, 'ep_1', ['a.*'], 'high', filters, [3, 0.5, 4], { b: 2 }]],
  ],
  [
    { version: 7, kind: 'endpoint', route: { endpointId: 'ep_1', patterns: ['*'] } },
    [7, 'endpoint', [1, 'ep_1', ['*']]],
  ],
  [{ version: 7, kind: 'endpointRemoved', endpointId: 'ep_1' }, [7, 'endpointRemoved', 'ep_1']],
  [{ version: 7, kind: 'application', metadata: { b: 2 } }, [7, 'application', { b: 2 }]],
  [{ version: 7, kind: 'eventType', rule }, [7, 'eventType', [1, 'a.b', true, 3]]],
  [{ version: 7, kind: 'eventTypeRemoved', name: 'a.b' }, [7, 'eventTypeRemoved', 'a.b']],
];

describe('routes keep their form', () => {
  it.each(frozen)('as the change %j', (change, stored) => {
    expect(encodeChange(change)).toEqual(stored);
    expect(decodeChange(stored)).toEqual(change);
  });

  it('in a snapshot', () => {
    const piece =
      'AgAAAAAAAAABQBwAAAAAAAB4XiXNUQoCIRQF0L3cz7hINvXjVuQRb9IaQUazmSDEvUe0gXN8h8LZQe8tEevVgh5qDhBiSY8F7LiVNaQtlfUF5z' +
      'vuKeYAh6qfXDQYBVFqbLqVBof4BPHWvMcfLIN+4tFceBZ2zHCnIfLv1Mzg1vbISUS+jt8qLA==';
    const routes = { version: 7, applicationMetadata: { a: 1 }, routes: [route], eventTypes: [rule] };
    expect(unpackRoutes([Buffer.from(piece, 'base64')])).toEqual(routes);
    expect(unpackRoutes(packRoutes(7, { a: 1 }, [route], [rule]))).toEqual(routes);
  });
});
