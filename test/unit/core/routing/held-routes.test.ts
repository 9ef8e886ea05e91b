import { describe, expect, it } from 'vitest';
import { createRoutingCache } from '#core/routing/routing-cache.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { application, event, found, route } from './routing-log.ts';

describe('the memory of the routing cache', () => {
  it('lets a large application go before it loads another one', async () => {
    const app = application();
    app.add(...Array.from({ length: 50 }, (_, n) => route(`ep_${n}`)));
    const { bytes } = app.load().index;
    const loads: string[] = [];
    const cache = createRoutingCache({
      maxBytes: bytes - 1,
      source: {
        ...app.source,
        load: async (id, expect) => {
          loads.push(id);
          expect(bytes);
          // While the second one is being loaded, the first one is asked for.
          if (loads.length === 2) await cache.match('large-1', event);
          return app.source.load();
        },
      },
    });
    await cache.match('large-1', event);
    await cache.match('large-2', event);
    expect(loads).toEqual(['large-1', 'large-2', 'large-1']);
  });

  it('lets the least recently used application go when memory is short, never the one in use', async () => {
    const loads: string[] = [];
    const sizeOfOne = new RoutingIndex({ version: 1, applicationMetadata: {}, routes: [route('ep_1')] })
      .bytes;
    const source = {
      version: async () => 1,
      changesAfter: async () => [],
      load: async (applicationId: string) => {
        loads.push(applicationId);
        const routes = { version: 1, applicationMetadata: {}, routes: [route('ep_1')] };
        return { version: 1, index: new RoutingIndex(routes) };
      },
    };
    const two = createRoutingCache({ source, maxBytes: 2 * sizeOfOne });
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await two.match(id, event);
    expect(loads).toEqual(['a', 'b', 'c', 'b']);

    loads.length = 0;
    const none = createRoutingCache({ source, maxBytes: 1 });
    for (const id of ['a', 'a', 'b', 'a']) expect(await found(none.match(id, event))).toEqual(['ep_1']);
    expect(loads).toEqual(['a', 'b', 'a']);
  });

  it('keeps the last used of the applications that are too large for it, beside the one in use', async () => {
    const loads: string[] = [];
    const oversized: [string, number][] = [];
    const indexOf = (routes: number) =>
      new RoutingIndex({
        ...{ version: 1, applicationMetadata: {} },
        routes: Array.from({ length: routes }, (_, n) => route(`ep_${n}`)),
      });
    const large = indexOf(100).bytes;
    const cache = createRoutingCache({
      maxBytes: large - 1,
      onOversized: (id, bytes) => oversized.push([id, bytes]),
      source: {
        version: async () => 1,
        changesAfter: async () => [],
        load: async (id: string) => {
          loads.push(id);
          return { version: 1, index: indexOf(id.startsWith('large') ? 100 : 1) };
        },
      },
    });
    const use = async (...ids: string[]) => {
      loads.length = 0;
      for (const id of ids) await cache.match(id, event);
      return loads;
    };
    // A small application stays until another application is used.
    expect(await use('large-1', 'a', 'a', 'large-1', 'b', 'large-1', 'a')).toEqual([
      'large-1',
      'a',
      'b',
      'a',
    ]);
    expect(oversized).toEqual([['large-1', large]]);
    // Two oversized applications are never in memory together.
    expect(await use('large-2', 'large-1', 'large-1')).toEqual(['large-2', 'large-1']);
    expect(oversized).toHaveLength(3);
  });

  it('does not hold any number of applications that have no endpoints', async () => {
    const loads = new Map<string, number>();
    const cache = createRoutingCache({
      maxBytes: 1024 * 1024,
      source: {
        version: async () => 1,
        changesAfter: async () => [],
        load: async (id: string) => {
          loads.set(id, (loads.get(id) ?? 0) + 1);
          return { version: 1, index: new RoutingIndex({ version: 1, applicationMetadata: {}, routes: [] }) };
        },
      },
    });
    const all = Array.from({ length: 10_000 }, (_, n) => `app-${n}`);
    for (const id of all) await cache.match(id, event);
    await cache.match('app-9999', event);
    await cache.match('app-0', event);
    expect([loads.get('app-9999'), loads.get('app-0')]).toEqual([1, 2]);
  });
});
