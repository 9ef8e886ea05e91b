import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { batchGet } from '#adapters/dynamodb/table/batch.ts';
import { putRevision } from '#adapters/dynamodb/table/conditional.ts';
import { statsHour, statsKey, statsPartition } from '#adapters/dynamodb/table/event-keys.ts';
import type { EventTable } from '#adapters/dynamodb/table/event-table.ts';
import { type Item, isExpired, toAttributes } from '#adapters/dynamodb/table/table.ts';
import type { RollupKey, Subject } from '#core/statistics/contribution.ts';
import type { Counters } from '#core/statistics/counters.ts';
import { newRollup, type Rollup } from '#core/statistics/rollup.ts';
import { decodeRollup, encodeRollup } from './statistics-item.ts';

/** An hour of a subject's statistics; `start` in epoch milliseconds. */
interface HourCounters {
  readonly start: number;
  readonly counters: Counters;
}

export function createStatisticsStore(table: EventTable) {
  const { client, tableName, now, retentionDays } = table;

  const read = async (
    keys: readonly RollupKey[],
    options: Parameters<typeof batchGet>[2],
  ): Promise<(Rollup | undefined)[]> => {
    const items = await batchGet(table, keys.map(statsKey), options);
    const byKey = new Map(items.map((item) => [`${item.pk?.S} ${item.sk?.S}`, item]));
    return keys.map((key) => {
      const { pk, sk } = statsKey(key);
      const item = byKey.get(`${pk} ${sk}`);
      return item && live(item);
    });
  };

  // The revision continues, because the expired item still stands.
  const live = (item: Item): Rollup => {
    const { rollup, ttl } = decodeRollup(item);
    return isExpired(ttl, now()) ? { ...newRollup, revision: rollup.revision } : rollup;
  };

  return {
    /** Consistent; in the order of the keys. A roll-up that was never stored is a new one. */
    getMany: async (keys: readonly RollupKey[]) =>
      (await read(keys, {})).map((rollup) => rollup ?? newRollup),

    /** False when the revision before it does not stand; then nothing was changed. */
    store: async (key: RollupKey, next: Rollup) => {
      const item = toAttributes(encodeRollup(key, next, retentionDays));
      return (await putRevision(table, item, 'revision')).applied;
    },

    /** The hours that begin from `since` (inclusive) until `until` (exclusive), earliest first; empty ones are left out. */
    async hours(subject: Subject, since: number, until: number) {
      const found: HourCounters[] = [];
      let start: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
            ExpressionAttributeValues: {
              ':pk': { S: statsPartition(subject) },
              ':first': { S: statsHour(since) },
              ':last': { S: statsHour(until - 1) },
            },
            ExclusiveStartKey: start,
          }),
        );
        for (const { sk, ttl, rollup } of Items.map(decodeRollup))
          if (!isExpired(ttl, now())) found.push({ start: startOf(sk), counters: rollup.counters });
        start = LastEvaluatedKey;
      } while (start);
      return found;
    },

    /** In the order of the subjects; undefined for a subject without counts. Eventually consistent. */
    async totals(subjects: readonly Subject[]) {
      const keys = subjects.map((subject) => ({ subject, span: 'total' }) as const);
      return (await read(keys, { consistent: false })).map(
        (rollup) => rollup && { counters: rollup.counters, updatedAt: rollup.updatedAt },
      );
    },
  };
}

function startOf(sk: string): number {
  const start = Date.parse(`${sk.slice('HOUR#'.length)}:00Z`);
  if (Number.isNaN(start)) throw new Error(`expected the sort key of an hour, HOUR#2026-11-25T21, got ${sk}`);
  return start;
}
