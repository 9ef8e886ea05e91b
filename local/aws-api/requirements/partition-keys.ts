import { AwsCallError, type AwsCaller } from '../../aws-protocol/client.ts';
import { asList, asObject, asText, type JsonObject } from '../../json/json.ts';
import type { PartitionKeyOf } from './dynamodb.ts';

/** Reads from the engine which attribute is the partition key of each table and index. */
export interface PartitionKeys {
  readonly of: PartitionKeyOf;
  /** Undefined when all are known, so that most calls stay synchronous. */
  learn(tables: readonly string[]): Promise<void> | undefined;
  forget(table: string): void;
}

export function createPartitionKeys(call: AwsCaller['call']): PartitionKeys {
  const tables = new Map<string, ReadonlyMap<string | undefined, string>>();
  const describe = async (table: string) => {
    try {
      const { Table } = await call('dynamodb', 'DescribeTable', { TableName: table });
      tables.set(table, keysOf(asObject(Table)));
    } catch (error) {
      // The table does not exist. The engine tells the caller too, and the table may exist at the next call.
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
    const hash = asList(schema).find((element) => asObject(element).KeyType === 'HASH');
    const name = asText(asObject(hash).AttributeName);
    if (name !== undefined) keys.set(index, name);
  };
  add(undefined, table.KeySchema);
  for (const index of [...asList(table.GlobalSecondaryIndexes), ...asList(table.LocalSecondaryIndexes)]) {
    const { IndexName, KeySchema } = asObject(index);
    add(asText(IndexName), KeySchema);
  }
  return keys;
}
