import { describe, expect, it } from 'vitest';
import { unpack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { eventOf, idsAt, noon } from '#test/support/deliveries.ts';
import { allPages } from '#test/support/pages.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const day = 24 * 60 * 60_000;
// What an event outlives: its longest hold, its longest horizon of retries, and the retention.
const life = (21 + 30) * day;
const matched = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    endpointId: idsAt(noon).endpoint(),
    priority: (['high', 'normal', 'low'] as const)[index % 3] ?? 'normal',
  }));
const plain = (event: StoredEvent | undefined) =>
  event && { ...event, payload: Buffer.from(unpack(event.payload)).toString('latin1') };

describe.each(engines)('stored events in $name', (engine) => {
  const at = deployedOn(engine);
  const get = (id: string) => at.events.get('default', id, { consistent: true });

  it('come back as they were created, for their application only', async () => {
    const event = eventOf({
      ...{ applicationId: 'team-1', source: 'shop', tags: ['urgent', 'é\u{1F600}'] },
      ...{ deliverAt: noon + 5_000, endpointCount: 50, endpoints: matched(50) },
    });
    expect(await at.events.create(event)).toBe('created');
    expect(plain(await at.events.get('team-1', event.id, { consistent: true }))).toEqual(plain(event));
    expect(await get(event.id)).toBeUndefined();
    expect(await at.events.get('team-1', eventOf().id)).toBeUndefined();
  });

  it('are created once: what stands is returned and stays', async () => {
    const event = eventOf({ endpointCount: 1, endpoints: matched(1) });
    await at.events.create(event);
    const again = await at.events.create({ ...event, type: 'order.changed', endpoints: [] });
    expect(again).toMatchObject({ exists: { type: 'order.created', endpoints: event.endpoints } });
    expect(await get(event.id)).toMatchObject({ type: 'order.created' });
  });

  it('live for their delay, 21 days and the retention', async () => {
    const event = eventOf({ deliverAt: noon + 10 * day, endpointCount: 60 });
    await at.events.createSegments(event, matched(60));
    await at.events.create(event);
    at.now = event.deliverAt + life - 1;
    expect(await get(event.id)).toBeDefined();
    expect(await at.events.segment(event.id, 0)).toHaveLength(60);
    at.now += 1;
    expect(await get(event.id)).toBeUndefined();
    expect(await at.events.segment(event.id, 0)).toBeUndefined();
    expect(await at.events.erase('default', event.id)).toBeUndefined();
  });

  it('leave their endpoints when they are erased, and stay erased', async () => {
    const event = eventOf({ endpointCount: 2, endpoints: matched(2) });
    await at.events.create(event);
    const left = { id: event.id, isDone: false, endpointCount: 2, endpoints: event.endpoints };
    expect(await at.events.erase('default', event.id)).toEqual(left);
    expect(await get(event.id)).toBeUndefined();
    expect(await at.events.erase('default', event.id)).toEqual(left);
    expect(await at.events.create(event)).toMatchObject({
      exists: { id: event.id, endpointCount: 0, endpoints: [] },
    });
    expect(await get(event.id)).toBeUndefined();

    await at.events.erased('default', left);
    expect(await at.events.erase('default', event.id)).toEqual({ ...left, isDone: true });
    expect(await at.events.erase('default', eventOf().id)).toBeUndefined();
    expect(await at.events.erase('other', event.id)).toBeUndefined();
  });

  it('are forgotten at the same time when they are erased, and a full life after all is ended', async () => {
    const [erased, done] = [eventOf(), eventOf()];
    for (const event of [erased, done]) {
      await at.events.create(event);
      at.now = noon + day;
      const left = await at.events.erase('default', event.id);
      if (left && event === done) await at.events.erased('default', left);
    }
    at.now = noon + life;
    expect(await at.events.erase('default', erased.id)).toBeUndefined();
    expect(await at.events.erase('default', done.id)).toMatchObject({ isDone: true });
    at.now += day;
    expect(await at.events.erase('default', done.id)).toBeUndefined();
  });
});

describe.each(engines)('the segments of a wide event in $name', (engine) => {
  const at = deployedOn(engine);

  it('hold all its endpoints, a thousand each, in order, and may be stored again', async () => {
    const endpoints = matched(2_300);
    const event = eventOf({ endpointCount: endpoints.length });
    for (let times = 0; times < 2; times += 1) await at.events.createSegments(event, endpoints);
    const segments = await Promise.all([0, 1, 2, 3].map((number) => at.events.segment(event.id, number)));
    expect(segments.map((segment) => segment?.length)).toEqual([1_000, 1_000, 300, undefined]);
    expect(segments.flatMap((segment) => segment ?? [])).toEqual(endpoints);
  });
});

describe.each(engines)('a list of events in $name', (engine) => {
  const at = deployedOn(engine);
  const second = 1_000;
  const stored = Array.from({ length: 60 }, (_, index) =>
    eventOf({
      type: index % 3 === 0 ? 'order.paid' : 'order.created',
      source: index % 2 === 0 ? 'shop' : undefined,
      tags: index % 5 === 0 ? ['urgent', 'eu'] : ['eu'],
      timestamp: noon + Math.floor(index / 3) * second,
    }),
  );
  const newestFirst = (wanted: (event: StoredEvent) => boolean) =>
    stored
      .filter(wanted)
      .map(({ payload, ...listed }) => listed)
      .toSorted((a, b) => (a.id < b.id ? 1 : -1));

  it.each([
    [{}, () => true],
    [{ type: 'order.paid' }, ({ type }: StoredEvent) => type === 'order.paid'],
    [{ source: 'shop' }, ({ source }: StoredEvent) => source === 'shop'],
    [{ tag: 'urgent' }, ({ tags }: StoredEvent) => tags.includes('urgent')],
    [
      { since: noon + 5 * second, until: noon + 9 * second },
      ({ timestamp }: StoredEvent) => timestamp >= noon + 5 * second && timestamp < noon + 9 * second,
    ],
    [{ until: noon }, () => false],
  ])('has one application’s, newest first and without payloads, that are %j', async (query, wanted) => {
    await Promise.all([...stored, eventOf({ applicationId: 'other' })].map(at.events.create));
    await at.events.create(eventOf({ timestamp: noon - 1 }));
    await at.events.erase('default', (await at.events.list('default', { limit: 99 })).items.at(-1)?.id ?? '');
    for (const limit of [7, 99]) {
      const all = await allPages((after) => at.events.list('default', { ...query, after, limit }), limit);
      expect(all).toEqual(newestFirst(wanted));
    }
  });

  it('leaves out what is forgotten', async () => {
    await Promise.all(stored.map(at.events.create));
    at.now = noon + life + 60 * second;
    expect(await allPages((after) => at.events.list('default', { after, limit: 50 }), 50)).toEqual([]);
  });
});

describe.each(engines)('an event that is kept for longer in $name', (engine) => {
  const at = deployedOn(engine);
  const keep = (id: string, from: number) => at.events.keep('default', id, from);

  it('lives as if it were delivered then, and never shorter', async () => {
    const event = eventOf();
    await at.events.create(event);
    expect(await keep(event.id, noon + 40 * day)).toBe(true);
    expect(await keep(event.id, noon + 10 * day)).toBe(true);
    at.now = noon + 40 * day + life - 1_000;
    expect(await at.events.get('default', event.id)).toMatchObject({ id: event.id, type: event.type });
    at.now += 1_000;
    expect(await at.events.get('default', event.id)).toBeUndefined();
  });

  it('is none that expired, was deleted, or never was', async () => {
    const [deleted, expired] = [eventOf(), eventOf()];
    await at.events.create(deleted);
    await at.events.create(expired);
    await at.events.erase('default', deleted.id);
    expect(await keep(deleted.id, noon + day)).toBe(false);
    at.now = noon + life;
    for (const id of [expired.id, eventOf().id]) expect(await keep(id, at.now)).toBe(false);
    expect(await at.events.get('default', expired.id)).toBeUndefined();
  });
});

describe.each(engines)('the progress of a fan-out in $name', (engine) => {
  const at = deployedOn(engine);

  it('moves on from the revision that stands, each segment by itself', async () => {
    const event = eventOf({ endpointCount: 12_000 });
    const begun = { done: 0, begun: 100, until: noon, revision: 1 };
    expect(await at.progress.get(event.id, 0)).toBeUndefined();
    expect(await at.progress.store(event, 0, begun)).toBe(true);
    expect(await at.progress.store(event, 0, { ...begun })).toBe(false);
    expect(await at.progress.store(event, 11, { ...begun, begun: 50 })).toBe(true);
    expect(await at.progress.store(event, 0, { ...begun, done: 100, until: 0, revision: 2 })).toBe(true);
    expect(await at.progress.get(event.id, 0)).toEqual({ done: 100, begun: 100, until: 0, revision: 2 });
    expect(await at.progress.get(event.id, 11)).toEqual({ ...begun, begun: 50 });
  });
});
