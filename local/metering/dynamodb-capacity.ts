import type { AwsAnswer } from '../aws-protocol/answer.ts';
import type { AwsCall } from '../aws-protocol/call.ts';
import { asList, asObject, isObject, type JsonObject } from '../json/json.ts';
import type { Usage } from './meter.ts';

const reads = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems']);
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']);

/** Adds the request for a capacity report to the bytes of a call, without serializing the input again. */
export function askForCapacity(
  call: AwsCall,
  bytes: Buffer,
): { readonly bytes: Buffer; readonly added: boolean } {
  const unchanged = { bytes, added: false };
  if (call.service !== 'dynamodb' || !(reads.has(call.action) || writes.has(call.action))) return unchanged;
  const asked = call.input.ReturnConsumedCapacity;
  if (asked === 'TOTAL' || asked === 'INDEXES') return unchanged;
  if (asked !== undefined) {
    return {
      bytes: Buffer.from(JSON.stringify({ ...call.input, ReturnConsumedCapacity: 'TOTAL' })),
      added: true,
    };
  }
  const brace = bytes.indexOf('{');
  const insert = `{"ReturnConsumedCapacity":"TOTAL"${Object.keys(call.input).length === 0 ? '' : ','}`;
  return { bytes: Buffer.concat([Buffer.from(insert), bytes.subarray(brace + 1)]), added: true };
}

/** What a call consumed, and its answer without a report that the caller did not ask for. */
export function readCapacity(
  call: AwsCall,
  answer: AwsAnswer,
  added: boolean,
): { readonly usage: Usage; readonly answer: AwsAnswer } {
  const isRead = reads.has(call.action);
  if (call.service !== 'dynamodb' || !(isRead || writes.has(call.action))) return { usage: {}, answer };
  if (answer.status !== 200) return { usage: isRead ? {} : failedWrite(call, answer), answer };
  const output: unknown = JSON.parse(answer.body.toString());
  if (!isObject(output)) return { usage: {}, answer };
  const { ConsumedCapacity, ...rest } = output;
  const units = [ConsumedCapacity].flat().reduce<number>((sum, report) => sum + unitsOf(report), 0);
  return {
    usage: isRead ? { readUnits: units } : { writeUnits: units },
    answer: added ? replaceBody(answer, rest) : answer,
  };
}

// A failed condition is billed, but its answer does not say how much: one unit, or two for each item of a transaction.
// An existing item above 1 KB costs more; the answer contains it when the call asked for ALL_OLD.
function failedWrite(call: AwsCall, answer: AwsAnswer): Usage {
  if (answer.body.includes('TransactionCanceledException')) {
    return { writeUnits: asList(call.input.TransactItems).length * 2 };
  }
  if (!answer.body.includes('ConditionalCheckFailedException')) return {};
  const { Item } = asObject(JSON.parse(answer.body.toString()));
  const existing = Item === undefined ? 0 : JSON.stringify(Item).length;
  return { writeUnits: Math.max(1, Math.ceil(existing / 1024)) };
}

const unitsOf = (report: unknown): number => Number(asObject(report).CapacityUnits ?? 0);

function replaceBody(answer: AwsAnswer, output: JsonObject): AwsAnswer {
  const { 'x-amz-crc32': _, ...headers } = answer.headers;
  return { ...answer, headers, body: Buffer.from(JSON.stringify(output)) };
}
