import type { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import { keyLifetime } from '#core/idempotency/stored-answer.ts';
import type { Tables } from './tables.ts';

type Keys = ReturnType<typeof createIdempotencyStore>;

export function memoryKeys({ keys, now }: Tables): Keys {
  const text = ({ applicationId, keyHash }: Parameters<Keys['get']>[0]): string =>
    `${applicationId} ${keyHash}`;
  // As the TTL of an item: whole seconds, rounded up.
  const expiry = (): number => Math.ceil((now() + keyLifetime) / 1_000) * 1_000;

  return {
    get: async (key) => keys.get(text(key)),
    store: async (key, next) => keys.put(text(key), next, expiry()),
  };
}
