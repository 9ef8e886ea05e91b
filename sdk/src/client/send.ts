import { Hook0Error } from '../errors.ts';
import { checkNames, kindOf } from '../options.ts';
import type { Api } from './api.ts';
import { batchesOf, byteLength, mostBytes, withIndexAmongAll } from './batches.ts';
import { PartlySentError, UnexpectedAnswerError } from './errors.ts';
import { eventJson, eventNames } from './event-json.ts';
import { checkCallOptions, type SendOptions, sendOptionNames } from './options.ts';
import type { AcceptedEvent, BatchResult, ConditionalEvent, ConditionalResult, NewEvent } from './types.ts';

/** Posts one event, written as JSON. */
export async function sendOne(
  call: Api,
  json: string,
  { idempotencyKey, ...options }: SendOptions & { readonly idempotencyKey: string },
): Promise<AcceptedEvent> {
  const headers = { 'idempotency-key': idempotencyKey };
  return call('postEvent', { json, headers, repeatable: true, options });
}

/** Posts events batch after batch. */
export async function sendMany(
  call: Api,
  events: readonly NewEvent[],
  { idempotencyKey, ...options }: SendOptions & { readonly idempotencyKey: string },
): Promise<BatchResult[]> {
  if (!Array.isArray(events)) {
    throw new Hook0Error(`events: received ${kindOf(events)}; expected an array of events`);
  }
  // All are written before the first is sent, so that a mistake in the last one does not stop half way.
  const written = events.map((event, index) => checkedSize(eventJson(event, `events[${index}]`), index));
  const results: BatchResult[] = [];
  for (const [index, batch] of batchesOf(written).entries()) {
    // The same events with the same key make the same batches.
    const key = index === 0 ? idempotencyKey : `${idempotencyKey}/${index + 1}`;
    try {
      const first = results.length;
      const answered = await sendBatch(call, batch, key, options);
      results.push(...answered.map((result) => withIndexAmongAll(result, first)));
    } catch (error) {
      if (results.length === 0) throw error;
      throw new PartlySentError(results, events.length, error);
    }
  }
  return results;
}

async function sendBatch(
  call: Api,
  batch: readonly string[],
  key: string,
  options: SendOptions,
): Promise<readonly BatchResult[]> {
  const json = `{"events":[${batch.join(',')}]}`;
  const headers = { 'idempotency-key': key };
  const { results } = await call('postEvents', { json, headers, repeatable: true, options });
  const difference = wrongResults(results, batch.length);
  if (difference === undefined) return results;
  throw new UnexpectedAnswerError('POST /api/events/batch', 202, difference);
}

function wrongResults(results: readonly BatchResult[], count: number): string | undefined {
  if (results.length !== count) return `202 with ${results.length} results for ${count} events`;
  const wrong = results.findIndex((result) =>
    result?.success === true ? typeof result.eventId !== 'string' : typeof result?.error?.code !== 'string',
  );
  return wrong === -1
    ? undefined
    : `202 with results[${wrong}], which says neither that the event was accepted nor why not`;
}

function checkedSize(json: string, index: number): string {
  const bytes = byteLength(json);
  if (bytes <= mostBytes / 2) return json;
  throw new Hook0Error(
    `events[${index}]: it has ${bytes} bytes as JSON; the API accepts a payload of 256 KiB`,
  );
}

/** Calls `send` with the event, written as JSON, if its condition holds. */
export async function sendIf<Payload>(
  event: ConditionalEvent<Payload>,
  send: (json: string) => Promise<AcceptedEvent>,
): Promise<ConditionalResult> {
  checkNames('event', event, [...eventNames, 'condition']);
  const { condition, ...rest } = event;
  if (typeof condition !== 'function') {
    throw new Hook0Error(`condition: received ${kindOf(condition)}; expected a function of the payload`);
  }
  // What cannot be sent is refused whether the condition holds or not.
  const json = eventJson(rest, 'event');
  const payload = rest.payloadJson === undefined ? rest.payload : JSON.parse(rest.payloadJson);
  const holds: unknown = await condition(payload);
  if (typeof holds !== 'boolean') {
    // A function without a return statement would drop every event.
    throw new Hook0Error(`condition: it returned ${kindOf(holds)}; expected true or false`);
  }
  return holds ? { sent: true, ...(await send(json)) } : { sent: false };
}

/** The options of a send, with a key. @throws Hook0Error when an option is invalid */
export function keyed(
  options: SendOptions,
  newKey: () => string,
): SendOptions & { readonly idempotencyKey: string } {
  checkCallOptions(options, sendOptionNames);
  const { idempotencyKey = newKey() } = options;
  if (typeof idempotencyKey === 'string' && /^[\x21-\x7e]{1,240}$/.test(idempotencyKey)) {
    return { ...options, idempotencyKey };
  }
  throw new Hook0Error('idempotencyKey: expected 1 to 240 visible ASCII characters');
}
