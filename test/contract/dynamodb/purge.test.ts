import { describe, expect, it } from 'vitest';
import { createPurgeStore } from '#adapters/dynamodb/purge/purge-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { deliveryId } from '#core/id/ids.ts';
import { api } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import {
  apiWithClock,
  checksum,
  clock,
  expectGone,
  furnish,
  itemsOf,
  minute,
  remove,
} from '#test/support/furnished-application.ts';
import { isPurging, scheduler, tickUntilGone } from '#test/support/purging-scheduler.ts';

apiWithClock();

describe('an application with everything that one can have', () => {
  it('is removed only when the request repeats its id', async () => {
    const acme = await furnish('acme');
    const before = await checksum(acme);
    expect(await api.call('DELETE /api/applications/acme')).toMatchObject({
      status: 409,
      body: { code: 'not_empty', detail: expect.stringContaining('?confirm=acme') },
    });
    for (const wrong of ['true', 'ACME', 'default', '']) {
      expect(await api.call(`DELETE /api/applications/acme?confirm=${wrong}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_query', field: 'confirm' },
      });
    }
    expect(await checksum(acme)).toBe(before);
    expect(await remove(acme)).toMatchObject({ status: 202, body: { id: 'acme', status: 'purging' } });
  });

  it('disappears at once, for operators and for its own tokens', async () => {
    const acme = await furnish('acme');
    // A warm function caches them for a minute.
    await api.call('GET /api/endpoints', { token: acme.token });
    await api.call('GET /api/endpoints', { token: acme.portal });
    await remove(acme);
    const [endpointId = '', eventId = ''] = [acme.endpoints[0], acme.events[0]];
    const requests = [
      'GET /api/applications/acme',
      'GET /api/endpoints',
      `GET /api/endpoints/${endpointId}`,
      `GET /api/endpoints/${endpointId}/deliveries`,
      `GET /api/events/${eventId}`,
      `GET /api/deliveries/${deliveryId(endpointId, eventId)}`,
      `GET /api/tasks/${acme.taskId}`,
      'GET /api/dead-letters',
      'POST /api/endpoints',
    ];
    for (const request of requests) {
      const body = request.startsWith('POST') ? { body: anEndpoint } : {};
      expect(await api.call(request, { headers: acme.headers, ...body })).toMatchObject({ status: 404 });
      expect(await api.call(request, { token: acme.token, ...body })).toMatchObject({ status: 404 });
      // Another application never sees them.
      if (/_/.test(request)) expect(await api.call(request)).toMatchObject({ status: 404 });
    }
    expect((await api.call('GET /api/endpoints', { token: acme.portal })).status).toBe(404);
    const made = await api.call('POST /api/tokens', {
      token: acme.token,
      body: { name: 'x', scopes: ['read'] },
    });
    expect(made.status).toBe(404);
    expect(await createRoutingStore(api.config).version('acme')).toBeUndefined();
    // A repeated request is accepted during the removal, and finds nothing afterwards.
    expect((await remove(acme)).status).toBe(202);
    await tickUntilGone('acme', scheduler().run);
    expect((await remove(acme)).status).toBe(404);
    for (const request of requests.filter((one) => one.startsWith('GET'))) {
      expect((await api.call(request, { headers: acme.headers })).status).toBe(404);
    }
  });

  it('leaves nothing that does not expire, and changes nothing of another application', async () => {
    const acme = await furnish('acme');
    const globex = await furnish('globex');
    // First the scheduler does what it would do without the removal.
    for (let ticks = 0; ticks < 10; ticks += 1) {
      await scheduler().run();
      clock.now += minute;
    }
    const before = await checksum(globex);
    expect((await itemsOf(globex)).length).toBeGreaterThan(60);
    await remove(acme);
    const { run, troubles } = scheduler();
    await run();
    expect(await isPurging()).toBe(false);
    await tickUntilGone('acme', run);
    expect(troubles).toEqual([]);
    await expectGone(acme);
    expect(await checksum(globex)).toBe(before);
    expect((await api.call('GET /api/dead-letters', { headers: globex.headers })).body.data).not.toEqual([]);
  });

  it('is removed completely, wherever the scheduler crashes', async () => {
    const acme = await furnish('acme');
    await remove(acme);
    let crashes = 0;
    // Each tick crashes a little later than the one before.
    for (let at = 17; await isPurging(); at += 9) {
      const broken = scheduler({ at: (command) => command >= at });
      await broken.run().catch(() => undefined);
      if (broken.commands() >= at) crashes += 1;
      expect(await api.call('POST /api/applications', { body: { id: 'acme', name: 'x' } })).toMatchObject({
        status: 409,
      });
    }
    expect(crashes).toBeGreaterThan(8);
    await tickUntilGone('acme', scheduler().run);
    await expectGone(acme);
  });

  it('is removed in parts when a tick has no time for all of it, and each part once', async () => {
    const acme = await furnish('acme');
    await remove(acme);
    let ticks = 0;
    while (await isPurging()) {
      ticks += 1;
      expect(ticks).toBeLessThan(40);
      let left = 12 + (ticks % 5);
      const hasTime = () => {
        left -= 1;
        return left >= 0;
      };
      await scheduler({ hasTime }).run();
    }
    expect(ticks).toBeGreaterThan(1);
    await tickUntilGone('acme', scheduler().run);
    await expectGone(acme);
  });

  it('keeps its id from another tenant, who would see its events', async () => {
    const acme = await furnish('acme');
    const create = () => api.call('POST /api/applications', { body: { id: 'acme', name: 'Another' } });
    await remove(acme);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    expect((await api.stores.applications.get('acme')) ?? 'gone').toBe('gone');
    await tickUntilGone('acme', scheduler().run);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    await expectGone(acme);
  });

  it('does not remove a later application with the same id, even if a tick comes very late', async () => {
    const acme = await furnish('acme');
    await remove(acme);
    await tickUntilGone('acme', scheduler().run);
    clock.now += 500 * 24 * 60 * minute;
    expect((await api.call('POST /api/applications', { body: { id: 'acme', name: 'Second' } })).status).toBe(
      201,
    );
    await api.call('POST /api/endpoints', { body: anEndpoint, headers: acme.headers });
    const ports = createPurgeStore(api.config);
    expect(await ports.isBeingRemoved('acme')).toBe(false);
    await scheduler().run();
    expect((await api.call('GET /api/endpoints', { headers: acme.headers })).body.data).toHaveLength(1);
  });
});

describe('an application whose endpoints were deleted before it', () => {
  it('leaves none of their dead letters in the index', async () => {
    const acme = await furnish('acme');
    for (const id of acme.endpoints) await api.call(`DELETE /api/endpoints/${id}`, { headers: acme.headers });
    expect((await api.call('DELETE /api/applications/acme')).status).toBe(204);
    await scheduler().run();
    const dead = await api.stores.deliveries.dead('acme', { limit: 100 });
    expect(dead.items).toEqual([]);
  });
});
