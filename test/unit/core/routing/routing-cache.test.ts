import { describe, expect, it } from 'vitest';
import { createRequestWork } from '#core/routing/request-work.ts';
import { createRoutingCache } from '#core/routing/routing-cache.ts';
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
          cost: { preparation: 0, fixed: 0, perCharacter: 0 },
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

describe('the work of a request', () => {
  const cost = { fixed: 100, perCharacter: 0, preparation: 0 };
  const filters = { conditions: [{ field: 'payload.sku', operator: 'ne', value: 1 }] } as const;
  const app = application();
  app.add({ ...route('ep_1'), filters, cost });

  it('is bounded: later events of the request are refused, and the first one never', async () => {
    const cache = createRoutingCache({ source: app.source, maxBytes: 1e6 });
    // Parsing the payload counts too.
    const work = createRequestWork({ limit: 2 * (100 + event.payloadLength) });
    expect(await found(cache.match('acme', event, work))).toEqual(['ep_1']);
    expect(await found(cache.match('acme', event, work))).toEqual(['ep_1']);
    await expect(cache.match('acme', event, work)).rejects.toMatchObject({
      code: 'unavailable',
      headers: { 'retry-after': '1' },
      detail: expect.stringContaining('fewer events in one request'),
    });
    expect(await found(cache.match('acme', event))).toEqual(['ep_1']);
  });

  it('pauses between events, so that a deadline can end the request', async () => {
    const cache = createRoutingCache({ source: app.source, maxBytes: 1e6 });
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses > 2) throw new Error('out of time');
    };
    const work = createRequestWork({ pause });
    const all = await Promise.allSettled([1, 2, 3, 4, 5].map(() => cache.match('acme', event, work)));
    const ok = 'fulfilled';
    expect(all.map(({ status }) => status)).toEqual([ok, ok, ok, 'rejected', 'rejected']);
  });
});
