import { describe, expect, it } from 'vitest';
import { createRoutingCache } from '#core/routing/routing-cache.ts';
import { anEvent } from '#test/support/config-fixtures.ts';
import { application, event, found, route } from './routing-log.ts';

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
