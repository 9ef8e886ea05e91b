import { AwsCallError, type AwsCaller } from '../../aws-protocol/client.ts';
import { asList, asText, isObject, type JsonObject } from '../../json/json.ts';
import type { PartitionKeyOf } from './dynamodb.ts';

/** Learns from the engine which attribute is the partition key of each table and index. */
export interface PartitionKeys {
  readonly of: PartitionKeyOf;
  /** Undefined when all are known already, which keeps the hot path synchronous. */
  learn(tables: readonly string[]): Promise<void> | undefined;
  forget(table: string): void;
}

export function createPartitionKeys(engines: AwsCaller): PartitionKeys {
  const tables = new Map<string, ReadonlyMap<string | undefined, string>>();
  const describe = async (table: string) => {
    try {
      const { Table } = await engines.call('dynamodb', 'DescribeTable', { TableName: table });
      if (isObject(Table)) tables.set(table, keysOf(Table));
    } catch (error) {
      // A table that does not exist: the engine will say so to the caller too, and it may exist next time.
      if (!(error instanceof AwsCallError && error.name === 'ResourceNotFoundException')) throw error;
    }
  };
  return {
    of: (table, index) => tables.get(table)?.get(index),
    learn: (names) => {
      const unknown = names.filter((name) => !tables.has(name));
      return unknown.length === 0
        ? undefined
        : Promise.all([...new Set(unknown)].map(describe)).then(() => undefined);
    },
    forget: (table) => {
      tables.delete(table);
    },
  };
}

function keysOf(table: JsonObject): ReadonlyMap<string | undefined, string> {
  const keys = new Map<string | undefined, string>();
  const add = (index: string | undefined, schema: unknown) => {
    const hash = asList(schema).find((element) => isObject(element) && element.KeyType === 'HASH');
    const name = isObject(hash) ? asText(hash.AttributeName) : undefined;
    if (name !== undefined) keys.set(index, name);
  };
  add(undefined, table.KeySchema);
  for (const index of [...asList(table.GlobalSecondaryIndexes), ...asList(table.LocalSecondaryIndexes)]) {
    if (isObject(index)) add(asText(index.IndexName), index.KeySchema);
  }
  return keys;
}
