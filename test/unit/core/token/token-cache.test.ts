import { describe, expect, it } from 'vitest';
import type { TokenRecord } from '#core/token/token.ts';
import { createTokenCache } from '#core/token/token-cache.ts';

const record: TokenRecord = { id: 'tok_1', applicationId: 'acme', name: 'n', scopes: ['read'], createdAt: 0 };

function cacheOver(stored: Map<string, TokenRecord>, maxEntries?: number) {
  const asked: string[] = [];
  const source = {
    findByHash: async (hash: string) => {
      asked.push(hash);
      return stored.get(hash);
    },
  };
  return { asked, cache: createTokenCache(maxEntries === undefined ? { source } : { source, maxEntries }) };
}

describe('the token cache', () => {
  it('reads a token once a minute, so that a revoked token stops working within that minute', async () => {
    const stored = new Map([['a', record]]);
    const { asked, cache } = cacheOver(stored);
    expect(await cache.find('a', 0)).toEqual(record);
    stored.delete('a');
    for (let now = 0; now < 60_000; now += 1_000) expect(await cache.find('a', now)).toEqual(record);
    expect(asked).toEqual(['a']);
    expect(await cache.find('a', 60_000)).toBeUndefined();
    expect(asked).toEqual(['a', 'a']);
  });

  it('finds a token that was created after a failed read', async () => {
    const stored = new Map<string, TokenRecord>();
    const { cache } = cacheOver(stored);
    expect(await cache.find('a', 0)).toBeUndefined();
    stored.set('a', record);
    expect(await cache.find('a', 0)).toEqual(record);
  });

  it('does not return a cached token that has expired', async () => {
    const { cache } = cacheOver(new Map([['a', { ...record, expiresAt: 500 }]]));
    expect(await cache.find('a', 499)).toBeDefined();
    expect(await cache.find('a', 500)).toBeUndefined();
  });

  it('forgets the least recently used token when it is full', async () => {
    const { asked, cache } = cacheOver(new Map(['a', 'b', 'c'].map((hash) => [hash, record])), 2);
    for (const hash of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.find(hash, 0);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('does not evict tokens for invalid ones', async () => {
    const { asked, cache } = cacheOver(new Map([['a', record]]), 1);
    for (const hash of ['a', 'x', 'y', 'a']) await cache.find(hash, 0);
    expect(asked).toEqual(['a', 'x', 'y']);
  });
});
