import { createCache } from '#core/concurrency/cache.ts';
import { isExpired, type TokenRecord } from './token.ts';

/** The store of tokens. */
export interface TokenSource {
  findByHash(hash: string): Promise<TokenRecord | undefined>;
}

// A function that has cached a token accepts it for at most this long after it was revoked.
const lifetime = 60_000;

/**
 * Caches found tokens for 60 s, at most the `maxEntries` that were used last.
 *
 * It does not cache that a token was not found. So a new token works at once, and invalid tokens do not evict valid ones.
 */
export function createTokenCache({
  source,
  maxEntries = 1_000,
  onFound = () => undefined,
}: {
  readonly source: TokenSource;
  readonly maxEntries?: number;
  /** Called for each token that was read from the source. */
  readonly onFound?: (hash: string, record: TokenRecord, now: number) => void;
}) {
  const remembered = createCache<TokenRecord | undefined>({
    capacity: maxEntries,
    isGood: (record, age, now) => record !== undefined && age < lifetime && !isExpired(record, now),
  });

  return {
    /** @param now - epoch milliseconds. */
    find: (hash: string, now: number): Promise<TokenRecord | undefined> =>
      remembered(hash, now, async () => {
        const record = await source.findByHash(hash);
        if (record === undefined || isExpired(record, now)) return undefined;
        onFound(hash, record, now);
        return record;
      }),
  };
}
