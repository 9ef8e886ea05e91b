import { eventLimits } from '#core/event/event-schema.ts';
import { eventTypeProblem } from '#core/event/type-name.ts';
import { describeValue } from '#core/json/describe.ts';
import { scanMembers } from '#core/json/members.ts';
import type { Range } from '#core/json/scanner.ts';
import { scanJson } from '#core/validation/scan-json.ts';
import { duplicateField, fieldError, problemOf } from '#core/validation/validate.ts';
import { ping } from './endpoint-test.ts';

/** The event that a test sends. */
export interface TestEvent {
  readonly eventType: string;
  /** The text of `payload` exactly as it was written. */
  readonly payload: string;
  /** Whether the request has a payload, or the ping supplies it. */
  readonly hasOwnPayload: boolean;
}

const known = ['type', 'payload'];

/**
 * Reads `{"type"?, "payload"?}`. The ping supplies absent fields.
 *
 * @throws Problem `invalid_json`, `json_too_deep`, `validation_failed`, `payload_too_large`
 */
export function readTestEvent(json: string): TestEvent {
  const { start, end, members } = scanJson(json, eventLimits.levels, scanMembers);
  const textOf = (range: Range): string => json.slice(range.start, range.end);
  if (json[start] !== '{') {
    const received = describeValue(JSON.parse(textOf({ start, end })));
    throw problemOf([fieldError([], received, 'an object with the fields type, payload, or no body')]);
  }
  const wrong = members.find(
    ({ key }, index) => !known.includes(key) || members.findIndex((one) => one.key === key) < index,
  );
  if (wrong !== undefined) {
    const isKnown = known.includes(wrong.key);
    const unknown = fieldError([wrong.key], 'an unknown field', `the fields ${known.join(', ')}`);
    throw problemOf([isKnown ? duplicateField([wrong.key]) : unknown]);
  }
  const given = new Map(members.map(({ key, value }) => [key, textOf(value)]));
  const type: unknown = JSON.parse(given.get('type') ?? JSON.stringify(ping.eventType));
  if (typeof type !== 'string' || eventTypeProblem(type) !== undefined) {
    throw problemOf([{ field: 'type', message: eventTypeProblem(type) ?? '' }]);
  }
  const payload = given.get('payload') ?? ping.payload;
  const bytes = Buffer.byteLength(payload);
  if (bytes > eventLimits.payloadBytes) {
    const error = fieldError(['payload'], `${bytes} bytes`, `at most ${eventLimits.payloadBytes} bytes`);
    throw problemOf([error], 'payload_too_large');
  }
  return { eventType: type, payload, hasOwnPayload: given.has('payload') };
}
