import { RecentMap } from '#core/concurrency/recent-map.ts';
import { isExpired, type TokenRecord } from './token.ts';

/** Where tokens are looked up. */
export interface TokenSource {
  findByHash(hash: string): Promise<TokenRecord | undefined>;
}

export interface TokenCache {
  /** @param now - epoch milliseconds. */
  find(hash: string, now: number): Promise<TokenRecord | undefined>;
}

// How long a revoked token may live on in a function that has seen it.
const lifetime = 60_000;

/**
 * Remembers found tokens for 60 s, the most recently used `maxEntries` of them.
 *
 * Tokens that were not found are not remembered: a token made just now works at once, and made-up tokens
 * cannot push real ones out.
 */
export function createTokenCache({
  source,
  maxEntries = 1_000,
  onFound = () => undefined,
}: {
  readonly source: TokenSource;
  readonly maxEntries?: number;
  /** Told of each token that was found where tokens are kept, not remembered. */
  readonly onFound?: (hash: string, record: TokenRecord, now: number) => void;
}): TokenCache {
  const entries = new RecentMap<string, { readonly record: TokenRecord; readonly until: number }>(maxEntries);

  return {
    async find(hash, now) {
      const known = entries.get(hash);
      if (known !== undefined && now < known.until && !isExpired(known.record, now)) return known.record;
      entries.delete(hash);
      const record = await source.findByHash(hash);
      if (record === undefined || isExpired(record, now)) return undefined;
      onFound(hash, record, now);
      entries.set(hash, { record, until: now + lifetime });
      return record;
    },
  };
}
