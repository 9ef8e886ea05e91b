import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsCaller } from '#local/aws-protocol/client.ts';
import type { LocalStack } from './local-stack.ts';

/** Somebody who may do everything in the account of a stack, past its functions. */
export interface StackOperator {
  readonly aws: ReturnType<typeof awsCaller>;
  readonly dynamoDb: DynamoDBClient;
  readonly tables: readonly string[];
  /** The table whose name has this part. @throws Error when there is none */
  tableNamed(part: string): string;
  close(): void;
}

/** The caller closes it before it stops the stack. */
export async function operatorOf({ proxy }: Pick<LocalStack, 'proxy'>): Promise<StackOperator> {
  const { AWS_ACCESS_KEY_ID = '' } = proxy.environmentFor('root');
  const aws = awsCaller(() => proxy.origin, AWS_ACCESS_KEY_ID);
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: 'local' };
  const dynamoDb = new DynamoDBClient({ endpoint: proxy.origin, region: 'us-east-1', credentials });
  const { TableNames } = await aws.call('dynamodb', 'ListTables', {});
  const tables = TableNames as string[];
  return {
    aws,
    dynamoDb,
    tables,
    tableNamed(part) {
      const name = tables.find((one) => one.includes(part));
      if (name === undefined) throw new Error(`no table has ${part} in its name: ${tables.join(', ')}`);
      return name;
    },
    close() {
      aws.close();
      dynamoDb.destroy();
    },
  };
}
