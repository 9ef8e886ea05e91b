import { randomBytes } from 'node:crypto';
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
 * The SDK repeats a put whose answer it did not get, and then the first put makes the condition of the second one fail.
 * So each put marks its item.
 *
 *     writer     put r=5 ✓ ── the answer is lost ── put r=5 ✗: r=5 stands with the writer's own mark, so it was stored
 *
 * @param attribute the name of the revision
 */
export async function putRevision(table: Table, item: Item, attribute: 'r' | 'revision'): Promise<Written> {
  const mark = newMark();
  const marked = { ...item, [putMark]: { S: mark } };
  const written = await conditionalPut(table, marked, ifRevisionBefore(item, attribute, table.now()));
  return unlessOwn(written, putMark, mark);
}

const putMark = 'put';
const markLength = 8;

/** What the mark adds to the size of an item. */
export const putMarkSize = putMark.length + markLength;

/** A mark that tells a write from those of other writers. */
export const newMark = (): string => randomBytes((markLength * 6) / 8).toString('base64url');

/** Takes a write as applied if the item that did not meet its condition was written by itself. */
export const unlessOwn = (written: Written, attribute: string, mark: string): Written =>
  !written.applied && written.standing?.[attribute]?.S === mark
    ? { applied: true, attributes: undefined }
    : written;

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
