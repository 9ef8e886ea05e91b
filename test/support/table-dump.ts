import { paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endpointConfigKey } from '#adapters/dynamodb/table/config-keys.ts';
import { keyOf } from '#adapters/dynamodb/table/table.ts';
import type { LocalStack } from './local-stack.ts';
import { operatorOf, type StackOperator } from './stack-operator.ts';

/** All items of all tables as text, as a backup or an export has them. Binary values stand there in three writings. */
export const dumpTables = (stack: LocalStack): Promise<string> =>
  asOperator(stack, async ({ dynamoDb: client, tables }) => {
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
  asOperator(stack, async ({ dynamoDb, tableNamed }) => {
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableNamed('ConfigTable'),
        Key: keyOf(endpointConfigKey(endpointId)),
        UpdateExpression: 'SET headers = :headers, secrets = :secrets REMOVE dataKey, encrypted',
        ExpressionAttributeValues: marshall({
          ':headers': JSON.stringify(headers),
          ':secrets': [{ value: secret, createdAt: 1 }],
        }),
      }),
    );
  });

async function asOperator<Result>(
  stack: LocalStack,
  work: (operator: StackOperator) => Promise<Result>,
): Promise<Result> {
  const operator = await operatorOf(stack);
  try {
    return await work(operator);
  } finally {
    operator.close();
  }
}

function readable(_: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  const bytes = Buffer.from(value);
  return [bytes.toString('latin1'), bytes.toString('base64'), bytes.toString('hex')];
}
