import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTokenBudgetStore } from '#adapters/dynamodb/token/token-budget-store.ts';
import { costOf, mayOweUntil } from '#core/rate-limit/token-rate.ts';
import { through } from '#test/support/config-fixtures.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let tableName: string;
let store: ReturnType<typeof createTokenBudgetStore>;

beforeEach(async () => {
  tableName = await database.eventTable();
  store = createTokenBudgetStore({ client: database.client, tableName, now: Date.now });
});

const rate = { perSecond: 100 };
const start = 1_700_000_000_000_000;
const take = (events: number, now: number) =>
  store.take('tok_1', { now, cost: costOf(events, rate), mayOweUntil: mayOweUntil(events, rate, now) });

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
    const asked = { now, cost: costOf(1, rate), mayOweUntil: mayOweUntil(1, rate, now) };
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
});
