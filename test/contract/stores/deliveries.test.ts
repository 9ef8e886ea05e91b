import { describe, expect, it } from 'vitest';
import { attemptOf, deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const day = 24 * 60 * 60_000;
const retention = 30 * day;

describe.each(engines)('stored deliveries in $name', (engine) => {
  const at = deployedOn(engine);
  const queued = () => movedTo(deliveryOf(), { status: 'queued', dueAt: noon });

  it('are unknown before they are stored, and come back as they were stored', async () => {
    const delivery = queued();
    const { endpointId, eventId } = delivery;
    expect(await at.deliveries.get(endpointId, eventId)).toBeUndefined();
    expect(await at.deliveries.store(delivery)).toBe('stored');
    expect(await at.deliveries.get(endpointId, eventId)).toEqual(delivery);
  });

  it('keep how their generations ended, also after a success at the first try of a later one', async () => {
    const earlier = [{ generation: 1, death: { reason: 'internal', at: noon } }] as const;
    const state = { status: 'succeeded', settledAt: noon } as const;
    const delivery = movedTo(deliveryOf({ generation: 2, earlier, attempts: [attemptOf()] }), state);
    await at.deliveries.store(delivery);
    expect(await at.deliveries.get(delivery.endpointId, delivery.eventId)).toEqual(delivery);
  });

  it('keep what quarantine did to them', async () => {
    const state = { status: 'held', heldFor: 'internal', since: noon, dueAt: noon + 900_000 } as const;
    const delivery = movedTo(deliveryOf({ quarantines: 2 }), state);
    await at.deliveries.store(delivery);
    expect(await at.deliveries.get(delivery.endpointId, delivery.eventId)).toEqual(delivery);
  });

  it('change only from the revision before, and else say what stands', async () => {
    const first = queued();
    const second = movedTo(first, { status: 'attempting', claimId: 'mine', until: noon + 35_000 });
    expect(await at.deliveries.store(second)).toEqual({ standing: undefined });
    expect(await at.deliveries.store(first)).toBe('stored');
    expect(await at.deliveries.store({ ...first })).toEqual({ standing: first });
    expect(await at.deliveries.store(second)).toBe('stored');
    const late = movedTo(first, { status: 'attempting', claimId: 'theirs', until: noon + 35_000 });
    expect(await at.deliveries.store(late)).toEqual({ standing: second });
    expect(await at.deliveries.get(first.endpointId, first.eventId)).toEqual(second);
  });

  it('give a claim to one of many', async () => {
    const standing = queued();
    await at.deliveries.store(standing);
    const claims = Array.from({ length: 20 }, (_, claim) =>
      movedTo(standing, { status: 'attempting', claimId: `claim ${claim}`, until: noon }),
    );
    const outcomes = await Promise.all(claims.map((claim) => at.deliveries.store(claim)));
    const winners = claims.filter((_, index) => outcomes[index] === 'stored');
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome !== 'stored') expect(outcome).toEqual({ standing: winners[0] });
  });

  it('are forgotten a retention after they settled, and never before', async () => {
    const open = queued();
    await at.deliveries.store(open);
    const settled = movedTo(open, { status: 'succeeded', settledAt: noon });
    at.now = noon + 10 * retention;
    expect(await at.deliveries.get(open.endpointId, open.eventId)).toEqual(open);

    at.now = noon;
    await at.deliveries.store(settled);
    at.now = noon + retention - 1;
    expect(await at.deliveries.get(open.endpointId, open.eventId)).toEqual(settled);
    at.now = noon + retention;
    expect(await at.deliveries.get(open.endpointId, open.eventId)).toBeUndefined();
    expect(await at.deliveries.getMany(open.eventId, [open.endpointId])).toEqual([]);
  });

  it('begin anew over an expired item, whose revision still guards it', async () => {
    const settled = movedTo(queued(), { status: 'succeeded', settledAt: noon });
    await at.deliveries.store({ ...settled, revision: 1 });
    at.now = noon + retention;
    const anew = { ...queued(), endpointId: settled.endpointId, eventId: settled.eventId };
    expect(await at.deliveries.store({ ...anew, revision: 3 })).toEqual({ standing: undefined });
    expect(await at.deliveries.store(anew)).toBe('stored');
    expect(await at.deliveries.get(anew.endpointId, anew.eventId)).toEqual(anew);
  });

  it('of one event are read together, without those that have no item', async () => {
    const eventId = idsAt(noon).event();
    const all = Array.from({ length: 230 }, () => ({ ...queued(), eventId }));
    await Promise.all(all.map((delivery) => at.deliveries.store(delivery)));
    const ids = all.map(({ endpointId }) => endpointId);
    const found = await at.deliveries.getMany(eventId, [...ids, idsAt(noon).endpoint(), ids[0] ?? '']);
    const byEndpoint = (list: readonly (typeof all)[number][]) =>
      list.toSorted((a, b) => (a.endpointId < b.endpointId ? -1 : 1));
    expect(byEndpoint(found)).toEqual(byEndpoint(all));
    expect(await at.deliveries.getMany(eventId, [])).toEqual([]);
  });

  it('without an item are told from those that have one, even an expired one', async () => {
    const known = Array.from({ length: 130 }, () =>
      movedTo(deliveryOf(), { status: 'succeeded', settledAt: noon - 40 * day }),
    );
    const unknown = Array.from({ length: 130 }, () => deliveryOf());
    await Promise.all(known.map((delivery) => at.deliveries.store(delivery)));
    const missing = await at.deliveries.without([...known, ...unknown]);
    expect(missing.map(({ eventId }) => eventId)).toEqual(unknown.map(({ eventId }) => eventId));
    expect(await at.deliveries.without([])).toEqual([]);
  });
});
