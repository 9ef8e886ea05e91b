import { beforeAll, describe, expect, it } from 'vitest';
import { createEventStore, type EventQuery } from '#adapters/dynamodb/event/event-store.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { eventOf, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const second = 1_000;
const database = useDatabase();
let tableName: string;
let events: ReturnType<typeof createEventStore>;
let now = noon;
// Three to a second, newest last: enough for every one of the sixteen shards.
const stored: StoredEvent[] = Array.from({ length: 150 }, (_, index) =>
  eventOf({
    applicationId: 'team-1',
    type: index % 3 === 0 ? 'order.paid' : 'order.created',
    source: index % 2 === 0 ? 'shop' : undefined,
    tags: index % 5 === 0 ? ['urgent', 'eu'] : ['eu'],
    timestamp: noon + Math.floor(index / 3) * second,
  }),
);
const ids = (wanted: (event: StoredEvent) => boolean) =>
  stored
    .filter(wanted)
    .map(({ id }) => id)
    .toSorted()
    .toReversed();

beforeAll(async () => {
  tableName = await database.eventTable();
  events = createEventStore({ client: database.client, tableName, now: () => now, retentionDays: 30 });
  await Promise.all([...stored, eventOf({ applicationId: 'team-2' })].map((event) => events.create(event)));
});

async function listAll(query: EventQuery): Promise<string[]> {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await events.list('team-1', { ...query, after });
    expect(page.items.length).toBeLessThanOrEqual(query.limit);
    seen.push(...page.items.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return seen;
}

describe('listing events', () => {
  it.each([1, 7, 50, 200])('returns all of one application, newest first, %i to a page', async (limit) => {
    expect(await listAll({ limit })).toEqual(ids(() => true));
  });

  it('reads no payloads: a page of large ones would take more memory than a function has', async () => {
    const large = eventOf({
      applicationId: 'team-5',
      payload: { compressed: false, bytes: Buffer.from(`"${'x'.repeat(200_000)}"`) },
    });
    await events.create(large);
    const answers: object[] = [];
    database.client.middlewareStack.add(
      (next) => async (request) => {
        const answer = await next(request);
        answers.push(answer.output);
        return answer;
      },
      { step: 'initialize', name: 'overheard' },
    );
    const { payload, ...rest } = large;
    for (const filter of [{}, { type: large.type }]) {
      expect((await events.list('team-5', { ...filter, limit: 5 })).items).toEqual([rest]);
    }
    database.client.middlewareStack.remove('overheard');
    expect(payload.bytes.length).toBeGreaterThan(200_000);
    for (const answer of answers) expect(answer).not.toHaveProperty('Items.0.p');
  });

  it('fills a page when nothing is filtered', async () => {
    const page = await events.list('team-1', { limit: 50 });
    expect(page.items.map(({ id }) => id)).toEqual(ids(() => true).slice(0, 50));
  });

  it.each<[Partial<EventQuery>, (event: StoredEvent) => boolean]>([
    [{ type: 'order.paid' }, ({ type }) => type === 'order.paid'],
    [{ source: 'shop' }, ({ source }) => source === 'shop'],
    [{ tag: 'urgent' }, ({ tags }) => tags.includes('urgent')],
    [{ tag: 'urg' }, () => false],
    [
      { type: 'order.paid', source: 'shop', tag: 'urgent' },
      ({ type, source, tags }) => type === 'order.paid' && source === 'shop' && tags.includes('urgent'),
    ],
    [
      { since: noon + 10 * second, until: noon + 20 * second },
      ({ timestamp }) => timestamp >= noon + 10 * second && timestamp < noon + 20 * second,
    ],
    [{ since: noon + 49 * second }, ({ timestamp }) => timestamp === noon + 49 * second],
    [{ until: noon }, () => false],
    [{ since: noon + 20 * second, until: noon + 10 * second }, () => false],
  ])('keeps to %j', async (query, wanted) => {
    expect(await listAll({ ...query, limit: 10 })).toEqual(ids(wanted));
  });

  it('is not disturbed by events that arrive meanwhile', async () => {
    const before = await events.list('team-3', { limit: 5 });
    expect(before).toEqual({ items: [] });
    const old = Array.from({ length: 20 }, () => eventOf({ applicationId: 'team-3' }));
    await Promise.all(old.map((event) => events.create(event)));
    const first = await events.list('team-3', { limit: 5 });
    await events.create(eventOf({ applicationId: 'team-3', timestamp: noon + second }));
    const rest = await events.list('team-3', { limit: 50, after: first.next });
    const seen = [...first.items, ...rest.items].map(({ id }) => id);
    expect(seen).toEqual(
      old
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
  });

  it('leaves out what has expired', async () => {
    now = noon + 52 * 24 * 60 * 60 * second;
    expect(await listAll({ limit: 50 })).toEqual([]);
    now = noon;
  });

  it('refuses a position that no page gave out', async () => {
    await expect(events.list('team-1', { limit: 5, after: 'yesterday' })).rejects.toThrow(RangeError);
  });
});
