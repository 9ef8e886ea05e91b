import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTokenBudgetStore } from '#adapters/dynamodb/token/token-budget-store.ts';
import { dayBudget } from '#core/rate-limit/day.ts';
import { exactBudget } from '#core/rate-limit/rate.ts';
import { through } from '#test/support/config-fixtures.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let tableName: string;
let store: ReturnType<typeof createTokenBudgetStore>;

beforeEach(async () => {
  tableName = await database.eventTable();
  store = createTokenBudgetStore({ client: database.client, tableName, now: Date.now });
});

const budget = exactBudget({ perSecond: 100 });
const start = 1_700_000_000_000_000;
const take = (events: number, now: number) =>
  store.take('tok_1', { now, cost: budget.costOf(events), mayOweUntil: budget.mayOweUntil(events, now) });

describe('a budget in the event table', () => {
  it.each([
    ['two calls for a caller that does not know that something is owed', undefined, 2],
    ['one for a caller that knows it', start + 10_000, 1],
    ['two for a caller that thinks so when all is paid', start + 20_000_000, 2],
  ])('takes %s', async (_, knownPaidUntil, calls) => {
    await take(1, start);
    const now = calls === 2 && knownPaidUntil !== undefined ? start + 10_000_000 : start;
    let made = 0;
    const client = through(database.client, async (command) => {
      made += 1;
      return database.client.send(command as GetItemCommand);
    });
    const counting = createTokenBudgetStore({ client, tableName, now: Date.now });
    const asked = { now, cost: budget.costOf(1), mayOweUntil: budget.mayOweUntil(1, now) };
    const answer = await counting.take('tok_1', {
      ...asked,
      ...(knownPaidUntil !== undefined && { knownPaidUntil }),
    });
    expect(answer).toEqual({ taken: true, paidUntil: Math.max(start + 10_000, now) + 10_000 });
    expect(made).toBe(calls);
  });

  it('is one item of its own, which expires', async () => {
    await take(5, start);
    const Key = { pk: { S: 'RATE#tok_1' }, sk: { S: 'RATE' } };
    const { Item } = await database.client.send(new GetItemCommand({ TableName: tableName, Key }));
    expect(Item).toMatchObject({ v: { N: '1' }, ttl: { N: String(start / 1_000_000 + 1 + 3_600) } });
  });

  it('of a day lives until the day is over, however little was taken', async () => {
    const midnight = Date.UTC(2026, 0, 31) * 1_000;
    const budget = dayBudget(10_000_000);
    const now = midnight + 60_000_000;
    const price = { cost: budget.costOf(1), mayOweUntil: budget.mayOweUntil(1, now) };
    await store.take('BYTES#acme', { now: budget.from(now), ...price });
    const Key = { pk: { S: 'RATE#BYTES#acme' }, sk: { S: 'RATE' } };
    const { Item } = await database.client.send(new GetItemCommand({ TableName: tableName, Key }));
    expect(Number(Item?.ttl?.N)).toBeGreaterThanOrEqual(midnight / 1_000_000 + 24 * 3_600);
  });
});
