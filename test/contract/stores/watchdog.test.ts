import { describe, expect, it } from 'vitest';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { noon } from '#test/support/deliveries.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const of = { endpointId: 'ep_1', applicationId: 'acme' };
const step = { cause: 5, step: 1, size: 10, at: 6, last: 'evt_1' };

describe.each(engines)('watched endpoints in $name', (engine) => {
  const at = deployedOn(engine);

  it('are listed from when they are watched until their entry is cleared', async () => {
    expect(await at.attention.list()).toEqual([]);
    await at.attention.watch(of);
    const entry = { kind: 'endpoint', ...of, since: noon } as const;
    expect(await at.attention.watched('ep_1')).toEqual(entry);
    expect(await at.attention.list()).toEqual([entry]);
    await at.attention.clear(entry);
    expect(await at.attention.watched('ep_1')).toBeUndefined();
    expect(await at.attention.list()).toEqual([]);
  });

  it('stay when they were watched again since their entry was read', async () => {
    await at.attention.watch(of);
    const [entry] = await at.attention.list();
    at.now += 1;
    await at.attention.watch(of);
    if (entry) await at.attention.clear(entry);
    expect(await at.attention.watched('ep_1')).toMatchObject({ since: noon + 1 });
  });

  it('keep the drain and what was announced when they are watched again', async () => {
    await at.attention.watch(of);
    await at.attention.announced('ep_1', 'circuit.opened:ep_1:0');
    await at.attention.takeStep({ ...of, since: noon }, step);
    at.now += 1;
    await at.attention.watch(of);
    expect(await at.attention.watched('ep_1')).toEqual({
      ...{ kind: 'endpoint', ...of, since: noon + 1 },
      ...{ drain: step, announced: 'circuit.opened:ep_1:0' },
    });
  });

  it('note nothing that was announced while nothing watches the endpoint', async () => {
    await at.attention.announced('ep_1', 'circuit.opened:ep_1:0');
    expect(await at.attention.watched('ep_1')).toBeUndefined();
    expect(await at.attention.takeStep({ ...of, since: noon }, step)).toBe(false);
    expect(await at.attention.watched('ep_1')).toBeUndefined();
  });

  it('have each step of a drain taken once of what was read', async () => {
    await at.attention.watch(of);
    const entry = await at.attention.watched('ep_1');
    if (!entry) throw new Error('the endpoint is not watched');
    const both = await Promise.all([at.attention.takeStep(entry, step), at.attention.takeStep(entry, step)]);
    expect(both.toSorted()).toEqual([false, true]);
    const after = { ...entry, drain: step };
    expect(await at.attention.watched('ep_1')).toEqual(after);
    expect(await at.attention.takeStep(entry, { ...step, step: 2 })).toBe(false);
    expect(await at.attention.takeStep({ ...after, since: noon - 1 }, { ...step, step: 2 })).toBe(false);
    expect(await at.attention.takeStep(after, { ...step, step: 2 })).toBe(true);
  });

  it.each(['paused', 'disabled', 'removed'] as const)(
    'begin another drain when one is %s',
    async (change) => {
      await at.endpoints.create(anEndpoint({ id: 'ep_1' }));
      await at.attention.watch(of);
      await at.attention.announced('ep_1', 'circuit.opened:ep_1:0');
      await at.attention.takeStep({ ...of, since: noon }, step);
      at.now += 5;
      if (change === 'removed') await at.endpoints.remove('acme', 'ep_1');
      else
        await at.endpoints.update('acme', 'ep_1', (record) => ({
          ...record,
          state: { status: change, since: at.now },
        }));
      expect(await at.attention.watched('ep_1')).toEqual({
        ...{ kind: 'endpoint', ...of, since: noon + 5, announced: 'circuit.opened:ep_1:0' },
      });
    },
  );
});
