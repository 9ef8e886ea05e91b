import { describe, expect, it } from 'vitest';
import { cleanCircuit } from '#core/circuit/circuit.ts';
import type { EndpointRecord, EndpointStatus } from '#core/endpoint/endpoint.ts';
import { AlreadyExists } from '#core/problem/store-errors.ts';
import { failingCircuit, openCircuit } from '#test/support/circuits.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { noon } from '#test/support/deliveries.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const endpoint = anEndpoint({ id: 'ep_1' });
const active = { status: 'active', since: endpoint.createdAt } as const;

describe.each(engines)('stored endpoints in $name', (engine) => {
  const at = deployedOn(engine);
  const load = () => at.reader.load('ep_1', { consistent: true });
  const update = (change: (record: EndpointRecord) => EndpointRecord) =>
    at.endpoints.update('acme', 'ep_1', change);
  const to = (status: EndpointStatus) =>
    update((record) => ({ ...record, state: { status, since: at.now } }));

  it('are active from the start, and found by their application only', async () => {
    expect(await load()).toBeUndefined();
    await at.endpoints.create(endpoint);
    expect(await load()).toEqual({ endpoint, state: active });
    expect(await at.endpoints.get('acme', 'ep_1')).toEqual({ endpoint, state: active });
    expect(await at.endpoints.get('other', 'ep_1')).toBeUndefined();
    await expect(at.endpoints.create(endpoint)).rejects.toThrow(AlreadyExists);
  });

  it('change as they are asked to, and say what stands then', async () => {
    await at.endpoints.create(endpoint);
    const edited = { ...endpoint, name: 'edited', updatedAt: noon };
    expect(await update((record) => ({ ...record, endpoint: edited }))).toEqual({
      ...{ endpoint: edited, state: active },
    });
    expect(await load()).toEqual({ endpoint: edited, state: active });
    expect(await at.attention.watched('ep_1')).toBeUndefined();
    expect(await at.endpoints.update('other', 'ep_1', (record) => record)).toBeUndefined();
    expect(await at.endpoints.update('acme', 'ep_2', (record) => record)).toBeUndefined();
  });

  it('are watched when their status changes, and not when nothing does', async () => {
    await at.endpoints.create(endpoint);
    await update((record) => record);
    expect(await at.attention.watched('ep_1')).toBeUndefined();
    await to('paused');
    expect(await load()).toEqual({ endpoint, state: { status: 'paused', since: noon } });
    expect(await at.attention.watched('ep_1')).toMatchObject({ since: noon });
  });

  it('lose the secrets that have ended with the next change, but never the last one', async () => {
    const [first, second] = [{ value: 'a'.repeat(24), createdAt: 1, expiresAt: noon }, endpoint.secrets[0]];
    if (!second) throw new Error('the fixture has no secret');
    await at.endpoints.create({ ...endpoint, secrets: [second, first] });
    at.now = noon + 1;
    await to('paused');
    expect((await load())?.endpoint.secrets).toEqual([second]);
  });

  it('are gone when they are removed, and watched for what is held', async () => {
    await at.endpoints.create(endpoint);
    expect(await at.endpoints.remove('other', 'ep_1')).toBe(false);
    expect(await at.endpoints.remove('acme', 'ep_1')).toBe(true);
    expect(await load()).toBeUndefined();
    expect(await at.attention.watched('ep_1')).toMatchObject({ since: noon });
    expect(await at.endpoints.remove('acme', 'ep_1')).toBe(false);
  });

  it('are disabled by deliver once, and unless their status changed since', async () => {
    await at.endpoints.create(endpoint);
    await to('paused');
    expect(await at.reader.disable('ep_1', 'gone', noon + 5, noon - 1)).toBe(false);
    expect(await load()).toMatchObject({ state: { status: 'paused' } });
    expect(await at.reader.disable('ep_1', 'gone', noon + 5, noon)).toBe(true);
    const disabled = { endpoint, state: { status: 'disabled', reason: 'gone', since: noon + 5 } };
    expect(await load()).toEqual(disabled);
    expect(await at.reader.disable('ep_1', 'again', noon + 9)).toBe(false);
    // The route goes with the next update, which changes nothing else.
    await update((record) => record);
    expect(await load()).toEqual(disabled);
    expect(await at.reader.disable('ep_none', 'gone', noon)).toBe(false);
  });

  it.each(['paused', 'disabled'] as const)(
    'begin the next epoch of their circuit after %s',
    async (status) => {
      await at.endpoints.create(endpoint);
      await at.circuits.store('ep_1', failingCircuit());
      await to(status);
      expect((await load())?.circuit).toMatchObject({ epoch: 0, failures: 1 });
      await to('active');
      const closed = { state: 'closed', revision: 2, epoch: 1, since: noon, failures: 0 };
      expect((await load())?.circuit).toEqual(closed);
      await update((record) => ({ ...record, endpoint: { ...record.endpoint, name: 'edited' } }));
      expect((await load())?.circuit).toEqual(closed);
    },
  );

  it('close an open circuit when its breaker is switched off, and are watched then', async () => {
    await at.endpoints.create(endpoint);
    const off = (record: EndpointRecord) => ({
      ...record,
      endpoint: { ...record.endpoint, circuitBreaker: { ...record.endpoint.circuitBreaker, enabled: false } },
    });
    await at.circuits.store('ep_1', openCircuit());
    await update(off);
    expect((await load())?.circuit).toEqual({
      ...{ state: 'closed', revision: 2, epoch: 1, since: noon, failures: 0 },
    });
    expect(await at.attention.watched('ep_1')).toBeDefined();
  });

  it('keep what deliver notes beside an edit, and nothing when they are clean', async () => {
    await at.endpoints.create(endpoint);
    await at.slowMarks.mark('ep_1', { until: noon + 60_000, ifBefore: noon + 15_000 });
    await at.slots.reserve('ep_1', { perSecond: 1, count: 1, asOf: 1 }, undefined, 60_000);
    await at.circuits.store('ep_1', failingCircuit({ failingSince: 5 }));
    await update((record) => ({ ...record, endpoint: { ...record.endpoint, name: 'edited' } }));
    expect(await load()).toMatchObject({
      endpoint: { name: 'edited' },
      circuit: { failures: 1, failingSince: 5 },
      slowUntil: noon + 60_000,
      slots: { perSecond: 1, asOf: 1 },
    });
    await at.circuits.store('ep_1', { ...cleanCircuit, revision: 2 });
    expect((await load())?.circuit).toEqual({ ...cleanCircuit, revision: 2 });
  });
});
