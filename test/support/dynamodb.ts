import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { attentionIndex } from '#adapters/dynamodb/watchdog/watchdog-index.ts';
import { startDynoxide } from '#local/engines/dynoxide.ts';

export interface TestDatabase {
  readonly origin: string;
  readonly client: DynamoDBClient;
  /** Makes an empty table with the keys that all our tables have and returns its name. */
  configTable(): Promise<string>;
  /** The same with the sparse attention index. */
  eventTable(): Promise<string>;
  stop(): Promise<void>;
}

/** To be called at the top of a test file or block: the engine runs while its tests do. */
export function useDatabase(): TestDatabase {
  const database = {} as TestDatabase;
  beforeAll(async () => {
    Object.assign(database, await startDatabase());
  });
  afterAll(() => database.stop());
  return database;
}

/** Starts a DynamoDB engine in memory; `stop` ends it. Tests that use different tables do not affect each other. */
export async function startDatabase(): Promise<TestDatabase> {
  const engine = await startDynoxide();
  const client = new DynamoDBClient({
    endpoint: engine.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  let tables = 0;
  const create = async (prefix: string, withIndex: boolean): Promise<string> => {
    tables += 1;
    const TableName = `${prefix}-${tables}`;
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
          ...(withIndex
            ? [
                { AttributeName: 'attentionKey', AttributeType: 'S' as const },
                { AttributeName: 'attentionAt', AttributeType: 'N' as const },
              ]
            : []),
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: withIndex
          ? [
              {
                IndexName: attentionIndex,
                KeySchema: [
                  { AttributeName: 'attentionKey', KeyType: 'HASH' },
                  { AttributeName: 'attentionAt', KeyType: 'RANGE' },
                ],
                Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] },
              },
            ]
          : undefined,
      }),
    );
    return TableName;
  };
  return {
    origin: engine.origin,
    client,
    configTable: () => create('config', false),
    eventTable: () => create('event', true),
    stop: async () => {
      client.destroy();
      await engine.stop();
    },
  };
}
