import { describe, expect, it } from 'vitest';
import type { Route, RouteChange } from '#core/routing/route.ts';
import { createRoutingCache } from '#core/routing/routing-cache.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { anEvent } from '#test/support/config-fixtures.ts';

const event = anEvent('order.created', { sku: 'A-1' });
const route = (endpointId: string): Route => ({ endpointId, patterns: ['order.*'] });

/** A log in memory that counts what it is asked. */
function application(log: RouteChange[] = []) {
  const asked = { versions: 0, changes: 0, loads: 0 };
  let forgotten = 0;
  const load = () => {
    const index = new RoutingIndex();
    for (const change of log) index.apply(change);
    return { version: index.version, index };
  };
  return {
    asked,
    load,
    add: (...routes: Route[]) => {
      for (const added of routes) log.push({ version: log.length + 1, kind: 'endpoint', route: added });
    },
    remove: (endpointId: string) => {
      log.push({ version: log.length + 1, kind: 'endpointRemoved', endpointId });
    },
    /** The log loses its changes so far. */
    forget: () => {
      forgotten = log.length;
    },
    source: {
      version: async (): Promise<number | undefined> => {
        asked.versions += 1;
        return log.length;
      },
      changesAfter: async (_: string, version: number) => {
        asked.changes += 1;
        return log.slice(Math.max(version, forgotten));
      },
      load: async () => {
        asked.loads += 1;
        return load();
      },
    },
  };
}

const found = async (matching: Promise<readonly { endpointId: string }[] | undefined>) =>
  (await matching)?.map(({ endpointId }) => endpointId);

describe('the routing cache', () => {
  it('reads only the version while nothing changes', async () => {
    const app = application();
    app.add(route('ep_1'));
    const cache = createRoutingCache({ source: app.source, maxBytes: 1e6 });
    for (let times = 0; times < 5; times += 1)
      expect(await found(cache.match('acme', event))).toEqual(['ep_1']);
    expect(app.asked).toEqual({ versions: 5, changes: 0, loads: 1 });
  });

  it('follows the log without loading again', async () => {
    const app = application();
    app.add(route('ep_1'));
    const cache = createRoutingCache({ source: app.source, maxBytes: 1e6 });
    await cache.match('acme', event);
    app.add(route('ep_2'), route('ep_3'));
    expect(await found(cache.match('acme', event))).toEqual(['ep_1', 'ep_2', 'ep_3']);
    app.remove('ep_1');
    expect(await found(cache.match('acme', event))).toEqual(['ep_2', 'ep_3']);
    expect(app.asked).toMatchObject({ changes: 2, loads: 1 });
  });

  it('loads again when the log has a gap', async () => {
    const app = application();
    app.add(route('ep_1'));
    const cache = createRoutingCache({ source: app.source, maxBytes: 1e6 });
    await cache.match('acme', event);
    app.remove('ep_1');
    app.forget();
    app.add(route('ep_2'));
    expect(await found(cache.match('acme', event))).toEqual(['ep_2']);
    expect(app.asked.loads).toBe(2);
  });

  it('does not hold what it loads again while it loads it', async () => {
    const app = application();
    app.add(route('ep_1'));
    let fails = false;
    const load = async () => {
      if (fails) throw new Error('throttled');
      return app.source.load();
    };
    const cache = createRoutingCache({ source: { ...app.source, load }, maxBytes: 1e6 });
    await cache.match('acme', event);
    app.forget();
    app.remove('ep_1');
    app.forget();
    fails = true;
    await expect(cache.match('acme', event)).rejects.toThrow('throttled');
    fails = false;
    const { changes } = app.asked;
    expect(await found(cache.match('acme', event))).toEqual([]);
    expect(app.asked.changes).toBe(changes);
  });

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

  it('loads again when the log does not reach the version yet', async () => {
    const app = application();
    app.add(route('ep_1'));
    const short = { ...app.source, changesAfter: async () => [] };
    const cache = createRoutingCache({ source: short, maxBytes: 1e6 });
    await cache.match('acme', event);
    app.add(route('ep_2'));
    expect(await found(cache.match('acme', event))).toEqual(['ep_1', 'ep_2']);
    expect(app.asked.loads).toBe(2);
  });

  it('does not answer from routes that stay behind the version', async () => {
    const app = application();
    const behind = { ...app.source, version: async () => 7 };
    const cache = createRoutingCache({ source: behind, maxBytes: 1e6 });
    await expect(cache.match('acme', event)).rejects.toThrow(/up to version 7/);
  });

  it('knows no application without a version, and drops the one it knew', async () => {
    const app = application();
    app.add(route('ep_1'));
    let exists = true;
    const source = { ...app.source, version: async () => (exists ? app.source.version() : undefined) };
    const cache = createRoutingCache({ source, maxBytes: 1e6 });
    await cache.match('acme', event);
    exists = false;
    expect(await cache.match('acme', event)).toBeUndefined();
    exists = true;
    await cache.match('acme', event);
    expect(app.asked.loads).toBe(2);
  });

  it('shares one load among concurrent calls', async () => {
    const app = application();
    app.add(route('ep_1'));
    const cache = createRoutingCache({ source: app.source, maxBytes: 1e6 });
    const all = await Promise.all(Array.from({ length: 20 }, () => found(cache.match('acme', event))));
    expect(all).toEqual(Array.from({ length: 20 }, () => ['ep_1']));
    expect(app.asked.loads).toBe(1);
  });

  it('does not answer from a shared load that began before its own version stood', async () => {
    const app = application();
    app.add(route('ep_1'));
    const gate = Promise.withResolvers<void>();
    const loading = Promise.withResolvers<void>();
    const source = {
      ...app.source,
      load: async () => {
        const loaded = app.load();
        loading.resolve();
        await gate.promise;
        return loaded;
      },
    };
    const cache = createRoutingCache({ source, maxBytes: 1e6 });
    const early = cache.match('acme', event);
    await loading.promise;
    app.add(route('ep_2'));
    const late = cache.match('acme', event);
    await Promise.resolve();
    gate.resolve();
    await early;
    expect(await found(late)).toEqual(['ep_1', 'ep_2']);
  });

  it('tries again after a load that failed', async () => {
    const app = application();
    app.add(route('ep_1'));
    let failing = true;
    const source = {
      ...app.source,
      load: async () => {
        if (failing) throw new Error('throttled');
        return app.load();
      },
    };
    const cache = createRoutingCache({ source, maxBytes: 1e6 });
    await expect(cache.match('acme', event)).rejects.toThrow('throttled');
    failing = false;
    expect(await found(cache.match('acme', event))).toEqual(['ep_1']);
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
    // Small ones come and go; each is there for as long as nobody else is asked for.
    expect(await use('large-1', 'a', 'a', 'large-1', 'b', 'large-1', 'a')).toEqual([
      'large-1',
      'a',
      'b',
      'a',
    ]);
    expect(oversized).toEqual([['large-1', large]]);
    // Two that are too large never stand beside each other for longer than one is needed.
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

  it('loads the regex engine once a filter needs it', async () => {
    const app = application();
    let engines = 0;
    const loadRegexEngine = async () => {
      engines += 1;
      return {
        compile: (text: string) => ({
          test: (of: string) => new RegExp(text).test(of),
          preparation: 0,
          steps: (length: number) => length,
        }),
      };
    };
    const cache = createRoutingCache({ source: app.source, maxBytes: 1e6, loadRegexEngine });
    await cache.match('acme', event);
    expect(engines).toBe(0);
    const filters = { conditions: [{ field: 'payload.sku', operator: 'regex', value: '^A-' }] } as const;
    app.add({ ...route('ep_1'), filters });
    expect(await found(cache.match('acme', event))).toEqual(['ep_1']);
    await cache.match('acme', event);
    expect(engines).toBe(1);
  });

  it('brings its own regex engine', async () => {
    const app = application();
    app.add({
      ...route('ep_1'),
      filters: { conditions: [{ field: 'type', operator: 'regex', value: '^order' }] },
    });
    const cache = createRoutingCache({ source: app.source, maxBytes: 1e6 });
    expect(await found(cache.match('acme', event))).toEqual(['ep_1']);
  });
});

describe('filters that need too many steps', () => {
  it('refuse the event, because it is unknown who wants it, and are reported', async () => {
    const app = application();
    const condition = { field: 'payload.text', operator: 'regex', value: 'a[ab]{900}[cd]' } as const;
    app.add(route('ep_1'), { ...route('ep_2'), filters: { conditions: [condition] } });
    const reported: unknown[] = [];
    const cache = createRoutingCache({
      source: app.source,
      maxBytes: 1e6,
      onTooExpensive: (...of) => reported.push(of),
    });
    const long = anEvent('order.created', { text: 'ab'.repeat(100_000) });
    await expect(cache.match('acme', long)).rejects.toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('nothing of it was accepted'),
      headers: { 'retry-after': '60' },
    });
    expect(reported).toEqual([['acme', long.id, ['ep_2']]]);
    expect(await found(cache.match('acme', event))).toEqual(['ep_1']);
  });
});
