import { describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import { AlreadyExists, NotFound } from '#core/problem/store-errors.ts';
import type { TokenRecord } from '#core/token/token.ts';
import { anApplication } from '#test/support/config-fixtures.ts';
import { clock, everyPage, table, useConfigTable } from '#test/support/config-table.ts';

useConfigTable();

const aToken = (given: Partial<TokenRecord> = {}): TokenRecord => ({
  id: 'tok_1',
  applicationId: 'acme',
  name: 'producer',
  scopes: ['ingest', 'read'],
  createdAt: 5,
  ...given,
});

describe('a token', () => {
  it('is found by its hash and listed with its owner, without the hash', async () => {
    const tokens = createTokenStore(table);
    await createApplicationStore(table).create(anApplication());
    const operator = aToken({ id: 'tok_2', applicationId: '*', scopes: ['admin'] });
    await tokens.create(aToken(), 'hash1');
    await tokens.create(operator, 'hash2');
    expect(await tokens.findByHash('hash1')).toEqual(aToken());
    expect(await tokens.findByHash('hash2')).toEqual(operator);
    expect(await tokens.findByHash('hash3')).toBeUndefined();
    expect(await tokens.list('acme', { limit: 10 })).toEqual({ items: [aToken()] });
    expect(await tokens.list('*', { limit: 10 })).toEqual({ items: [operator] });
    expect(await tokens.get('acme', 'tok_1')).toEqual(aToken());
    expect(await tokens.get('acme', 'tok_2')).toBeUndefined();
  });

  it('is listed page by page', async () => {
    const tokens = createTokenStore(table);
    const ids = ['tok_1', 'tok_2', 'tok_3', 'tok_4', 'tok_5'];
    for (const id of ids) await tokens.create(aToken({ id, applicationId: '*' }), `hash of ${id}`);
    const all = await everyPage((after) => tokens.list('*', { after, limit: 2 }));
    expect(all.map(({ id }) => id)).toEqual(ids);
  });

  it('needs an application, an id and a hash of its own', async () => {
    const tokens = createTokenStore(table);
    await expect(tokens.create(aToken(), 'hash1')).rejects.toThrow(NotFound);
    await createApplicationStore(table).create(anApplication());
    await tokens.create(aToken(), 'hash1');
    await expect(tokens.create(aToken(), 'hash2')).rejects.toThrow(AlreadyExists);
    await expect(tokens.create(aToken({ id: 'tok_2' }), 'hash1')).rejects.toThrow(AlreadyExists);
    expect(await tokens.findByHash('hash2')).toBeUndefined();
  });

  it('is revoked by its owner alone', async () => {
    const tokens = createTokenStore(table);
    await createApplicationStore(table).create(anApplication());
    await tokens.create(aToken(), 'hash1');
    expect(await tokens.remove('*', 'tok_1')).toBe(false);
    expect(await tokens.findByHash('hash1')).toBeDefined();
    expect(await tokens.remove('acme', 'tok_1')).toBe(true);
    expect(await tokens.remove('acme', 'tok_1')).toBe(false);
    expect(await tokens.findByHash('hash1')).toBeUndefined();
    expect((await tokens.list('acme', { limit: 10 })).items).toEqual([]);
  });

  it('is gone when its time is over, though its item may linger', async () => {
    const tokens = createTokenStore(table);
    await tokens.create(aToken({ applicationId: '*', expiresAt: Date.now() + 60_000 }), 'hash1');
    expect(await tokens.findByHash('hash1')).toBeDefined();
    clock.later = 61_000;
    expect(await tokens.findByHash('hash1')).toBeUndefined();
    expect((await tokens.list('*', { limit: 10 })).items).toEqual([]);
  });
});
