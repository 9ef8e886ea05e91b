import type { AwsCall } from '../aws-protocol/call.ts';
import { asList, asObject, type JsonObject } from '../json/json.ts';

/** A batch of which some entries fail. */
export interface SplitBatch {
  /** What goes to the engine; undefined when every entry fails. */
  readonly forward: JsonObject | undefined;
  /** Adds the failed entries to the engine's output. */
  readonly merge: (output: JsonObject) => JsonObject;
}

/**
 * Splits a batch of which some entries fail.
 *
 * @param fails whether the entry at a position fails; positions run on from table to table
 * @returns undefined when the call is not a batch
 */
export function splitBatch(call: AwsCall, fails: (index: number) => boolean): SplitBatch | undefined {
  switch (`${call.service}:${call.action}`) {
    case 'sqs:SendMessageBatch':
    case 'sqs:DeleteMessageBatch':
    case 'sqs:ChangeMessageVisibilityBatch':
      return splitSqs(call.input, fails);
    case 'dynamodb:BatchWriteItem':
      return splitTables(call.input, fails, 'UnprocessedItems', asList, (_, kept) => kept);
    case 'dynamodb:BatchGetItem':
      return splitTables(
        call.input,
        fails,
        'UnprocessedKeys',
        (request) => asList(asObject(request).Keys),
        (request, kept) => ({ ...asObject(request), Keys: kept }),
      );
    case 'events:PutEvents':
      return splitEvents(call.input, fails);
    default:
      return undefined;
  }
}

function splitSqs(input: JsonObject, fails: (index: number) => boolean): SplitBatch {
  const entries = asList(input.Entries);
  const kept = entries.filter((_, i) => !fails(i));
  const failed = entries
    .filter((_, i) => fails(i))
    .map((entry) => ({
      Id: asObject(entry).Id,
      SenderFault: false,
      Code: 'InternalError',
      Message: 'An internal error occurred.',
    }));
  return {
    forward: kept.length === 0 ? undefined : { ...input, Entries: kept },
    merge: (output) => ({
      ...output,
      Successful: asList(output.Successful),
      Failed: [...asList(output.Failed), ...failed],
    }),
  };
}

function splitTables(
  input: JsonObject,
  fails: (index: number) => boolean,
  unprocessed: 'UnprocessedItems' | 'UnprocessedKeys',
  itemsOf: (request: unknown) => readonly unknown[],
  withItems: (request: unknown, items: readonly unknown[]) => unknown,
): SplitBatch {
  let position = 0;
  const keptTables: { [table: string]: unknown } = {};
  const failedTables: { [table: string]: unknown } = {};
  for (const [table, request] of Object.entries(asObject(input.RequestItems))) {
    const kept: unknown[] = [];
    const failed: unknown[] = [];
    for (const item of itemsOf(request)) {
      (fails(position) ? failed : kept).push(item);
      position += 1;
    }
    if (kept.length > 0) keptTables[table] = withItems(request, kept);
    if (failed.length > 0) failedTables[table] = withItems(request, failed);
  }
  return {
    forward: Object.keys(keptTables).length === 0 ? undefined : { ...input, RequestItems: keptTables },
    merge: (output) => ({
      ...(unprocessed === 'UnprocessedKeys' ? { Responses: {} } : {}),
      ...output,
      [unprocessed]: mergeTables(output[unprocessed], failedTables, itemsOf, withItems),
    }),
  };
}

function mergeTables(
  own: unknown,
  failed: { readonly [table: string]: unknown },
  itemsOf: (request: unknown) => readonly unknown[],
  withItems: (request: unknown, items: readonly unknown[]) => unknown,
): JsonObject {
  const merged: { [table: string]: unknown } = { ...asObject(own) };
  for (const [table, request] of Object.entries(failed)) {
    merged[table] = withItems(request, [...itemsOf(merged[table]), ...itemsOf(request)]);
  }
  return merged;
}

// Results of PutEvents have no ids: they are in the order of the entries.
function splitEvents(input: JsonObject, fails: (index: number) => boolean): SplitBatch {
  const entries = asList(input.Entries);
  const kept = entries.filter((_, i) => !fails(i));
  return {
    forward: kept.length === 0 ? undefined : { ...input, Entries: kept },
    merge: (output) => {
      const results = asList(output.Entries).values();
      const Entries = entries.map((_, i) =>
        fails(i)
          ? { ErrorCode: 'InternalFailure', ErrorMessage: 'An internal error occurred.' }
          : results.next().value,
      );
      const failed = entries.length - kept.length;
      const own = typeof output.FailedEntryCount === 'number' ? output.FailedEntryCount : 0;
      return { ...output, FailedEntryCount: own + failed, Entries };
    },
  };
}
