import { randomBytes } from 'node:crypto';
import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDataKeyStore } from '#adapters/dynamodb/application/data-key-store.ts';
import { createCredentialVault, plainVault } from '#adapters/dynamodb/endpoint/credential-vault.ts';
import { createEndpointReader, createOutlineReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createUnroute } from '#adapters/dynamodb/endpoint/unroute.ts';
import { dataKeyKey, endpointConfigKey } from '#adapters/dynamodb/table/config-keys.ts';
import { keyOf } from '#adapters/dynamodb/table/table.ts';
import { defaultBounds } from '#core/application/limits.ts';
import { CredentialsDamaged, CredentialsUnavailable } from '#core/encryption/errors.ts';
import { NotFound } from '#core/problem/store-errors.ts';
import { anApplication, anEndpoint } from '#test/support/config-fixtures.ts';
import { table, useConfigTable } from '#test/support/config-table.ts';
import { testDataKeys } from '#test/support/data-keys.ts';

useConfigTable();

const credentials = {
  headers: { authorization: 'Bearer a-header-with-a-token', __proto__x: 'kept' },
  secrets: [
    { value: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', createdAt: 2 },
    { value: 'an-older-secret-of-mine', createdAt: 1, expiresAt: Number.MAX_SAFE_INTEGER },
  ],
};

let keys: ReturnType<typeof testDataKeys>;
const vault = () => createCredentialVault(keys, createDataKeyStore(table), (count) => randomBytes(count));
const store = () => createEndpointStore(table, defaultBounds, vault());
const item = async (id: string) => {
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.tableName, Key: keyOf(endpointConfigKey(id)) }),
  );
  return Item ?? {};
};
const dump = async () => {
  const { Items } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
  const binary = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  return JSON.stringify(Items, binary);
};

beforeEach(async () => {
  keys = testDataKeys();
  await createApplicationStore(table).create(anApplication());
  await createApplicationStore(table).create(anApplication({ id: 'globex' }));
});

describe('the credentials of an endpoint', () => {
  it('are read as they were written, and the table shows none of them', async () => {
    const endpoint = anEndpoint({ id: 'ep_1', ...credentials });
    await store().create(endpoint);
    await store().update('acme', 'ep_1', (record) => ({
      ...record,
      endpoint: { ...record.endpoint, name: 'N' },
    }));

    const expected = { endpoint: { ...endpoint, name: 'N' } };
    expect(await store().get('acme', 'ep_1')).toMatchObject(expected);
    expect((await store().list('acme', { limit: 10 })).items).toMatchObject([expected]);
    expect(await createEndpointReader(table, vault()).load('ep_1')).toMatchObject(expected);
    const stored = await dump();
    expect(stored).toContain('ep_1');
    for (const text of ['a-header-with', 'whsec_', 'MfKQ9r8G', 'an-older-secret', 'authorization'])
      expect(stored).not.toContain(text);
  });

  it('are not needed by functions without a key', async () => {
    await store().create(anEndpoint({ id: 'ep_1', ...credentials }));
    keys.isUp = false;

    const outline = await createOutlineReader(table).load('ep_1');
    expect(outline).toMatchObject({ endpoint: { id: 'ep_1', name: 'Orders' }, state: { status: 'active' } });
    expect(outline?.endpoint).not.toHaveProperty('secrets');
    expect(await store().outline('acme', 'ep_1')).toEqual(outline);
    expect((await store().outlines('acme', { limit: 10 })).items).toEqual([outline]);
    await expect(store().get('acme', 'ep_1')).rejects.toBeInstanceOf(CredentialsUnavailable);
    expect(await store().remove('acme', 'ep_1')).toBe(true);
  });

  it('stay when the scheduler removes the route of a disabled endpoint', async () => {
    await store().create(anEndpoint({ id: 'ep_1', ...credentials }));
    await createOutlineReader(table).disable('ep_1', '410_gone', Date.now());
    keys.isUp = false;
    await createUnroute(table)('ep_1');
    await createUnroute(table)('ep_1');
    await createUnroute(table)('ep_missing');

    expect(await item('ep_1')).not.toHaveProperty('routed');
    keys.isUp = true;
    expect(await store().get('acme', 'ep_1')).toMatchObject({
      endpoint: credentials,
      state: { status: 'disabled' },
    });
  });

  it('keep the route of an endpoint that is not disabled', async () => {
    await store().create(anEndpoint({ id: 'ep_1' }));
    const before = await item('ep_1');
    await createUnroute(table)('ep_1');

    expect(await item('ep_1')).toEqual(before);
  });
});

describe('stored as plain text before', () => {
  it('they are read, and the next write encrypts them', async () => {
    await createEndpointStore(table).create(anEndpoint({ id: 'ep_1', ...credentials }));
    expect(await dump()).toContain('an-older-secret');

    expect(await store().get('acme', 'ep_1')).toMatchObject({ endpoint: credentials });
    await store().update('acme', 'ep_1', (record) => ({ ...record, state: { status: 'paused', since: 5 } }));

    expect(await store().get('acme', 'ep_1')).toMatchObject({ endpoint: credentials });
    expect(await dump()).not.toContain('an-older-secret');
    expect(await item('ep_1')).not.toHaveProperty('secrets');
  });

  it('they are written as plain text again when encryption ends', async () => {
    await store().create(anEndpoint({ id: 'ep_1', ...credentials }));
    const ending = createEndpointStore(table, defaultBounds, { ...vault(), close: plainVault.close });
    await ending.update('acme', 'ep_1', (record) => ({ ...record, state: { status: 'paused', since: 5 } }));

    expect(await item('ep_1')).not.toHaveProperty('encrypted');
    expect(await createEndpointStore(table).get('acme', 'ep_1')).toMatchObject({ endpoint: credentials });
  });
});

describe('the key of an application', () => {
  it('is made once, however many endpoints are created at the same time', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `ep_${index}`);
    await Promise.all(ids.map((id) => store().create(anEndpoint({ id, ...credentials }))));

    const used = new Set(
      await Promise.all(
        ids.map(async (id) => Buffer.from((await item(id)).dataKey?.B ?? []).toString('hex')),
      ),
    );
    expect(used.size).toBe(1);
    for (const id of ids) expect(await store().get('acme', id)).toMatchObject({ endpoint: credentials });
  });

  it('is another one for each application', async () => {
    await store().create(anEndpoint({ id: 'ep_1' }));
    await store().create(anEndpoint({ id: 'ep_2', applicationId: 'globex' }));

    expect((await item('ep_1')).dataKey).not.toEqual((await item('ep_2')).dataKey);
    expect(keys.made).toBe(2);
  });

  it('is not made for an application that does not exist', async () => {
    const create = store().create(anEndpoint({ id: 'ep_1', applicationId: 'none' }));

    await expect(create).rejects.toBeInstanceOf(NotFound);
    expect(await dump()).not.toContain('DATAKEY');
  });

  it('is deleted with its application', async () => {
    await store().create(anEndpoint({ id: 'ep_1' }));
    await store().remove('acme', 'ep_1');
    await createApplicationStore(table).remove('acme');

    const Key = keyOf(dataKeyKey('acme'));
    expect(
      (await table.client.send(new GetItemCommand({ TableName: table.tableName, Key }))).Item,
    ).toBeUndefined();
  });
});

describe('encrypted credentials that were copied', () => {
  const copied = async (id: string, from: string, given: object) => {
    const { dataKey, encrypted } = await item(from);
    const Item = {
      ...(await item(id)),
      ...(dataKey && { dataKey }),
      ...(encrypted && { encrypted }),
      ...given,
    };
    await table.client.send(new PutItemCommand({ TableName: table.tableName, Item }));
  };

  it.each([
    ['to another endpoint of the application', 'acme', {}],
    ['to an endpoint of another application', 'globex', {}],
    ['with the application that they are of', 'globex', { applicationId: { S: 'acme' } }],
  ])('%s are refused', async (_, applicationId, given) => {
    await store().create(anEndpoint({ id: 'ep_1', ...credentials }));
    await store().create(anEndpoint({ id: 'ep_2', applicationId }));
    await copied('ep_2', 'ep_1', given);

    const read = createEndpointReader(table, vault()).load('ep_2', { consistent: true });
    await expect(read).rejects.toBeInstanceOf(CredentialsDamaged);
    expect(await store().get('acme', 'ep_1')).toMatchObject({ endpoint: credentials });
  });

  it('are not readable without a key, and the error says what to deploy', async () => {
    await store().create(anEndpoint({ id: 'ep_1', ...credentials }));

    await expect(createEndpointStore(table).get('acme', 'ep_1')).rejects.toThrow('credentialEncryption=on');
  });
});
