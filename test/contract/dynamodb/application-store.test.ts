import { GetItemCommand, ScanCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  createApplicationStore,
  ensureDefaultApplication,
} from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import { NotFound } from '#core/problem/store-errors.ts';
import type { TokenRecord } from '#core/token/token.ts';
import { anApplication, anEndpoint, through } from '#test/support/config-fixtures.ts';
import { clock, everyPage, table, useConfigTable } from '#test/support/config-table.ts';

useConfigTable();

const everyKey = async () => {
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
  return Items.map((item) => `${item.pk?.S}/${item.sk?.S}`).sort();
};

const aToken = (given: Partial<TokenRecord> = {}): TokenRecord => ({
  id: 'tok_1',
  applicationId: 'acme',
  name: 'producer',
  scopes: ['ingest', 'read'],
  createdAt: 5,
  ...given,
});

const day = 24 * 60 * 60 * 1_000;
/** The longest delay, 21 days of holds and retries, the longest retention. */
const longestEventLife = (30 + 21 + 365) * day;

describe('an application', () => {
  it('is made once and read as it was written', async () => {
    const applications = createApplicationStore(table);
    const metadata: Record<string, unknown> = JSON.parse('{"__proto__":1,"n":1e300,"e":""}');
    const app = anApplication({ metadata });
    expect(await applications.create(app)).toBe('created');
    expect(await applications.create(anApplication({ name: 'again' }))).toBe('exists');
    expect(await applications.get('acme')).toEqual(app);
    expect(JSON.stringify((await applications.get('acme'))?.metadata)).toBe(JSON.stringify(metadata));
    expect(await applications.get('globex')).toBeUndefined();
  });

  it('is made by one of many at once', async () => {
    const applications = createApplicationStore(table);
    const results = await Promise.all(Array.from({ length: 10 }, () => applications.create(anApplication())));
    expect(results.filter((result) => result === 'created')).toHaveLength(1);
  });

  it('called default is there after bootstrap, once', async () => {
    const applications = createApplicationStore(table);
    expect(await ensureDefaultApplication(applications, 7)).toBe('created');
    expect(await ensureDefaultApplication(applications, 8)).toBe('exists');
    expect(await applications.get('default')).toMatchObject({ id: 'default', metadata: {}, createdAt: 7 });
  });

  it('is listed page by page', async () => {
    const applications = createApplicationStore(table);
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(ids.map((id) => applications.create(anApplication({ id }))));
    await applications.update('c', (app) => ({ ...app, name: 'new' }));
    const all = await everyPage((after) => applications.list({ after, limit: 2 }));
    expect(all.map(({ id }) => id)).toEqual(ids);
    expect(all[2]?.name).toBe('new');
    await expect(applications.list({ after: 'a#', limit: 2 })).rejects.toThrow(RangeError);
  });

  it('loses nothing when many change it at once', async () => {
    const applications = createApplicationStore(table);
    await applications.create(anApplication());
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        applications.update('acme', (app) => ({
          ...app,
          metadata: { ...app.metadata, [`n${index}`]: index },
        })),
      ),
    );
    expect(Object.keys((await applications.get('acme'))?.metadata ?? {})).toHaveLength(10);
    expect(await applications.update('globex', (app) => app)).toBeUndefined();
  });

  it('stays while it has endpoints, then leaves nothing but expiring changes', async () => {
    const applications = createApplicationStore(table);
    const endpoints = createEndpointStore(table);
    const tokens = createTokenStore(table);
    await applications.create(anApplication({ id: 'globex' }));
    const before = await everyKey();
    await applications.create(anApplication());
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    for (let index = 0; index < 25; index += 1) {
      await tokens.create(aToken({ id: `tok_${index}` }), `hash${index}`);
    }
    expect(await applications.remove('acme')).toBe('not_empty');
    expect(await tokens.findByHash('hash0')).toBeDefined();
    await endpoints.remove('acme', 'ep_1');
    expect(await applications.remove('acme')).toBe('removed');
    expect(await applications.remove('acme')).toBe('missing');
    expect(await applications.get('acme')).toBeUndefined();
    expect(await createRoutingStore(table).version('acme')).toBeUndefined();
    expect(await tokens.findByHash('hash0')).toBeUndefined();
    await expect(endpoints.create(anEndpoint({ id: 'ep_2' }))).rejects.toThrow(NotFound);
    await expect(tokens.create(aToken(), 'hash')).rejects.toThrow(NotFound);
    const left = (await everyKey()).filter((key) => !before.includes(key));
    expect(left.filter((key) => !key.startsWith('APP#acme/CHANGE#'))).toEqual([
      'APP#acme/META',
      // The entry for the scheduler is left.
      expect.stringMatching(/PURGE#acme$/),
      expect.stringMatching(/ENDPOINT#ep_1$/),
    ]);
  });

  it('keeps its id from being used again until its last event has expired', async () => {
    const applications = createApplicationStore(table);
    await applications.create(anApplication({ name: 'Acme Inc.', metadata: { contact: 'Ms Doe' } }));
    await applications.remove('acme');
    const { Item } = await table.client.send(
      new GetItemCommand({ TableName: table.tableName, Key: { pk: { S: 'APP#acme' }, sk: { S: 'META' } } }),
    );
    expect(JSON.stringify(Item)).not.toMatch(/Inc|Doe/);
    expect(Number(Item?.ttl?.N) * 1_000).toBeGreaterThan(Date.now() + longestEventLife);
    for (clock.later of [0, longestEventLife]) {
      expect(await applications.create(anApplication())).toBe('used');
      expect(await applications.remove('acme')).toBe('missing');
      expect(await applications.get('acme')).toBeUndefined();
      await expect(createTokenStore(table).create(aToken(), 'hash')).rejects.toThrow(NotFound);
    }
    // The engine deletes late, as DynamoDB does: the item still stands.
    clock.later = longestEventLife + 7 * day;
    expect(await applications.create(anApplication({ name: 'second life' }))).toBe('created');
    expect((await applications.get('acme'))?.name).toBe('second life');
    expect(await applications.create(anApplication())).toBe('exists');
    await createTokenStore(table).create(aToken(), 'hash');
  });

  it('does not come back when its id was used and given up in the middle of a creation', async () => {
    let interfered = false;
    const client = through(table.client, async (command) => {
      if (command instanceof TransactWriteItemsCommand && !interfered) {
        interfered = true;
        const others = createApplicationStore(table);
        await others.create(anApplication());
        await others.remove('acme');
      }
      return table.client.send(command);
    });
    expect(await createApplicationStore({ ...table, client }).create(anApplication())).toBe('used');
    expect(await createApplicationStore(table).get('acme')).toBeUndefined();
  });

  it('is either gone or has the endpoint, when both happen at once', async () => {
    const applications = createApplicationStore(table);
    const endpoints = createEndpointStore(table);
    for (let round = 0; round < 10; round += 1) {
      const id = `app-${round}`;
      await applications.create(anApplication({ id }));
      const [removed, created] = await Promise.all([
        applications.remove(id),
        endpoints.create(anEndpoint({ id: `ep_${round}`, applicationId: id })).then(
          () => 'created',
          (error: unknown) => (error instanceof NotFound ? 'refused' : error),
        ),
      ]);
      expect([removed, created]).toEqual(
        removed === 'removed' ? ['removed', 'refused'] : ['not_empty', 'created'],
      );
    }
  });

  it('stays when an endpoint comes in the middle of its removal', async () => {
    const applications = createApplicationStore(table);
    await applications.create(anApplication());
    let created = false;
    const client = through(table.client, async (command) => {
      if (command instanceof TransactWriteItemsCommand && !created) {
        created = true;
        await createEndpointStore(table).create(anEndpoint({ id: 'ep_1' }));
      }
      return table.client.send(command);
    });
    expect(await createApplicationStore({ ...table, client }).remove('acme')).toBe('not_empty');
    expect(await createEndpointStore(table).get('acme', 'ep_1')).toBeDefined();
    expect(await applications.get('acme')).toBeDefined();
  });

  it.each(['removal', 'creation'])(
    'whose removal was interrupted is gone for everybody, and the next %s ends it',
    async (next) => {
      const applications = createApplicationStore(table);
      const tokens = createTokenStore(table);
      await applications.create(anApplication());
      await tokens.create(aToken(), 'hash1');
      let marked = false;
      const client = through(table.client, async (command) => {
        if (marked) throw new Error('crashed');
        marked = command instanceof TransactWriteItemsCommand;
        return table.client.send(command);
      });
      await expect(createApplicationStore({ ...table, client }).remove('acme')).rejects.toThrow('crashed');
      expect(await applications.get('acme')).toBeUndefined();
      expect((await applications.list({ limit: 10 })).items).toEqual([]);
      expect(await applications.update('acme', (app) => ({ ...app, name: 'x' }))).toBeUndefined();
      await expect(tokens.create(aToken({ id: 'tok_2' }), 'hash2')).rejects.toThrow(NotFound);
      if (next === 'removal') {
        expect(await applications.remove('acme')).toBe('removed');
        expect(await applications.remove('acme')).toBe('missing');
        expect(await tokens.findByHash('hash1')).toBeUndefined();
      }
      expect(await applications.create(anApplication({ name: 'second life' }))).toBe('used');
      expect(await tokens.findByHash('hash1')).toBeUndefined();
      expect(await applications.remove('acme')).toBe('missing');
      expect(await everyKey()).toEqual(['APP#acme/META', expect.stringMatching(/PURGE#acme$/)]);
    },
  );
});
