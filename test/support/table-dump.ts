import { DynamoDBClient, ListTablesCommand, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endpointConfigKey } from '#adapters/dynamodb/table/config-keys.ts';
import { keyOf } from '#adapters/dynamodb/table/table.ts';
import type { LocalStack } from './local-stack.ts';

/** All items of all tables as text, as a backup or an export has them. Binary values stand there in three writings. */
export const dumpTables = (stack: LocalStack): Promise<string> =>
  withTables(stack, async (client, tables) => {
    const texts: string[] = [];
    for (const TableName of tables) {
      for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
        texts.push(...Items.map((item) => JSON.stringify(item, readable)));
      }
    }
    return texts.join('\n');
  });

/** Stores the credentials of an endpoint as it was done before they were encrypted. */
export const storeAsPlainText = (
  stack: LocalStack,
  endpointId: string,
  headers: Readonly<Record<string, string>>,
  secret: string,
): Promise<void> =>
  withTables(stack, async (client, tables) => {
    await client.send(
      new UpdateItemCommand({
        TableName: tables.find((name) => name.includes('ConfigTable')),
        Key: keyOf(endpointConfigKey(endpointId)),
        UpdateExpression: 'SET headers = :headers, secrets = :secrets REMOVE dataKey, encrypted',
        ExpressionAttributeValues: marshall({
          ':headers': JSON.stringify(headers),
          ':secrets': [{ value: secret, createdAt: 1 }],
        }),
      }),
    );
  });

async function withTables<Result>(
  { proxy }: LocalStack,
  work: (client: DynamoDBClient, tables: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const { AWS_ENDPOINT_URL_DYNAMODB: endpoint = '' } = proxy.environmentFor('root');
  const credentials = { accessKeyId: 'root', secretAccessKey: 'root' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    return await work(client, TableNames);
  } finally {
    client.destroy();
  }
}

function readable(_: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  const bytes = Buffer.from(value);
  return [bytes.toString('latin1'), bytes.toString('base64'), bytes.toString('hex')];
}
