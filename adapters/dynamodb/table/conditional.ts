import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { retryConflicts } from './conflicts.ts';
import { expressionOf } from './step.ts';
import { type Item, type Key, keyIn, keyOf, type Table } from './table.ts';

/** What became of a write under a condition. */
export type Written =
  /** `attributes`: what the write was asked to return. */
  | { readonly applied: true; readonly attributes: Item | undefined }
  /** `standing`: the item that did not meet the condition, undefined when there is none. Nothing was changed. */
  | { readonly applied: false; readonly standing: Item | undefined };

type Given<Input> = Omit<Input, 'TableName' | 'Key' | 'Item' | 'ReturnValuesOnConditionCheckFailure'>;

// Every write below waits while a transaction holds its item: `retryConflicts` says for how long.

export const conditionalUpdate = (
  table: Table,
  key: Key,
  update: Given<UpdateItemCommandInput>,
): Promise<Written> =>
  written(table, key, (shared) =>
    table.client.send(new UpdateItemCommand({ ...shared, ...update, Key: keyOf(key) })),
  );

/** @param item with its key */
export const conditionalPut = (
  table: Table,
  item: Item,
  condition: Given<PutItemCommandInput>,
): Promise<Written> =>
  written(table, keyIn(item), (shared) =>
    table.client.send(new PutItemCommand({ ...shared, ...condition, Item: item })),
  );

export const conditionalDelete = (
  table: Table,
  key: Key,
  condition: Given<DeleteItemCommandInput>,
): Promise<Written> =>
  written(table, key, (shared) =>
    table.client.send(new DeleteItemCommand({ ...shared, ...condition, Key: keyOf(key) })),
  );

/**
 * Puts an item whose revision is one more than the one that stands, or is 1 and none stands. An expired item that is
 * not yet deleted counts as none.
 *
 *     reader A   read r=4 ─────────── put r=5 ✓
 *     reader B       read r=4 ───────────────── put r=5 ✗: r=5 stands, which B gets back and decides again from
 *
 * @param attribute the name of the revision
 */
export const putRevision = (table: Table, item: Item, attribute: 'r' | 'revision'): Promise<Written> =>
  conditionalPut(table, item, ifRevisionBefore(item, attribute, table.now()));

/** The condition of `putRevision`, for a put within a transaction. @param now epoch milliseconds */
export function ifRevisionBefore(item: Item, attribute: 'r' | 'revision', now: number) {
  const revision = Number(item[attribute]?.N);
  return expressionOf(revision === 1 ? { missingAt: now } : { equal: { [attribute]: revision - 1 } });
}

async function written(
  table: Table,
  { pk, sk }: Key,
  send: (shared: {
    readonly TableName: string;
    readonly ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
  }) => Promise<{ readonly Attributes?: Item | undefined }>,
): Promise<Written> {
  const shared = { TableName: table.tableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  try {
    const { Attributes } = await retryConflicts(table, `${pk} ${sk}`, () => send(shared));
    return { applied: true, attributes: Attributes };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { applied: false, standing: error.Item };
  }
}
