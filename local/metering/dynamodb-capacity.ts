import type { Answer } from '../aws-protocol/answer.ts';
import type { Call } from '../aws-protocol/call.ts';
import { asList, isObject, type JsonObject } from '../json/json.ts';
import type { Usage } from './meter.ts';

const reads = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems']);
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']);

/** The bytes to forward so that the engine reports what a call consumed, without parsing them again. */
export function askForCapacity(
  call: Call,
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

/** What a call consumed, and the answer without the report that the caller did not ask for. */
export function readCapacity(
  call: Call,
  answer: Answer,
  added: boolean,
): { readonly usage: Usage; readonly answer: Answer } {
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

// Failed conditions are billed, and their answers do not say how much: at least one unit, twice that for each item
// of a transaction; more only for existing items above 1 KB, which the answer shows when ALL_OLD was asked for.
function failedWrite(call: Call, answer: Answer): Usage {
  if (answer.body.includes('TransactionCanceledException')) {
    return { writeUnits: asList(call.input.TransactItems).length * 2 };
  }
  if (!answer.body.includes('ConditionalCheckFailedException')) return {};
  const output: unknown = JSON.parse(answer.body.toString());
  const existing = isObject(output) && output.Item !== undefined ? JSON.stringify(output.Item).length : 0;
  return { writeUnits: Math.max(1, Math.ceil(existing / 1024)) };
}

function unitsOf(report: unknown): number {
  return isObject(report) && typeof report.CapacityUnits === 'number' ? report.CapacityUnits : 0;
}

function replaceBody(answer: Answer, output: JsonObject): Answer {
  const { 'x-amz-crc32': _, ...headers } = answer.headers;
  return { ...answer, headers, body: Buffer.from(JSON.stringify(output)) };
}
