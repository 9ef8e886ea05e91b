import { putRevision } from '#adapters/dynamodb/table/conditional.ts';
import { idempotencyKey } from '#adapters/dynamodb/table/event-keys.ts';
import type { EventTable } from '#adapters/dynamodb/table/event-table.ts';
import { type Item, isExpired, readItem } from '#adapters/dynamodb/table/table.ts';
import type { IdempotencyKey, KeyRecord } from '#core/idempotency/stored-answer.ts';
import { decodeKey, encodeKey } from './idempotency-item.ts';

export function createIdempotencyStore(table: EventTable) {
  const live = (item: Item | undefined): KeyRecord | undefined => {
    if (item === undefined) return undefined;
    const { content, ttl } = decodeKey(item);
    return isExpired(ttl, table.now()) ? undefined : content;
  };

  return {
    /** Consistent. Undefined for a key that was not used in the last 24 hours. */
    get: async (key: IdempotencyKey) => live(await readItem(table, idempotencyKey(key))),

    /**
     * Stores a record if the revision before it stands (none before revision 1). Otherwise it changes nothing and
     * returns the record that stands.
     *
     *     request   read none ── put r=1 ✓ ── works ── put r=2 with the answer ✓
     *     repeat        read none ── put r=1 ✗: r=1 stands and is pending, so it waits for the answer
     */
    async store(key: IdempotencyKey, next: KeyRecord) {
      const outcome = await putRevision(table, encodeKey(key, next, table.now()), 'r');
      return outcome.applied ? 'stored' : { standing: live(outcome.standing) };
    },
  };
}
