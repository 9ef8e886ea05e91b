import { Hook0Error } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { checkNames, kindOf } from '../options.ts';
import type { NewEvent } from './types.ts';

export const eventNames = ['type', 'source', 'payload', 'payloadJson', 'options'];

/**
 * An event as JSON. The text of `payloadJson` is inserted unchanged, because parsing it would round its numbers.
 *
 * @param what - names the event in the error: `event`, `events[3]`
 * @throws Hook0Error for an unknown member, and for a payload that is not exactly one JSON value
 */
export function eventJson(event: NewEvent, what: string): string {
  checkNames(what, event, eventNames);
  const { payload, payloadJson, ...rest } = event;
  if ((payload === undefined) === (payloadJson === undefined)) {
    throw new Hook0Error(`${what}: expected payload or payloadJson, and not both`);
  }
  if (payloadJson !== undefined) checkJson(payloadJson, `${what}.payloadJson`);
  const value = payloadJson ?? jsonOf(payload, `${what}.payload`);
  const members = jsonOf(rest, what).slice(1);
  return `{"payload":${value}${members === '}' ? '' : ','}${members}`;
}

/** Anything else would change the JSON around it: `1,"type":"another"` is a payload and a type. */
function checkJson(text: unknown, what: string): void {
  if (typeof text !== 'string') {
    throw new Hook0Error(`${what}: received ${kindOf(text)}; expected JSON as text`);
  }
  // Half of a surrogate pair would be sent as U+FFFD.
  if (!/^\P{Surrogate}*$/u.test(text)) {
    throw new Hook0Error(`${what}: it has half of a surrogate pair; expected text that UTF-8 can hold`);
  }
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new Hook0Error(`${what}: expected exactly one JSON value: ${String(cause)}`, { cause });
  }
}
