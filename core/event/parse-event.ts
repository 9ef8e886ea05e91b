import { describeValue } from '#core/json/describe.ts';
import { type Member, repeatedKey, type ScannedMembers, scanMembers } from '#core/json/members.ts';
import type { JsonScanner, Range, ScannedValue } from '#core/json/scanner.ts';
import { Problem } from '#core/problem/problem.ts';
import { scanJson } from '#core/validation/scan-json.ts';
import { duplicateField, fieldError, problemOf, requiredField, validate } from '#core/validation/validate.ts';
import type { NewEvent } from './event.ts';
import { envelopeSchema, eventLimits } from './event-schema.ts';

/** An event of a batch, or what is wrong with it. */
export type BatchItem =
  | { readonly ok: true; readonly event: NewEvent }
  | { readonly ok: false; readonly problem: Problem };

// More than an event may have, so that one event that nests too deep does not refuse the batch.
const batchLevels = 1_024;

/**
 * Reads one event.
 *
 * @throws Problem: invalid_json, json_too_deep, validation_failed (400), payload_too_large (413)
 */
export function parseEvent(text: string): NewEvent {
  return readEvent(text, scanJson(text, eventLimits.levels, scanMembers), []);
}

/**
 * Reads `{"events": […]}`. Each event has its own result, in order, so that a bad event does not refuse the others.
 *
 * @throws Problem: invalid_json, json_too_deep, and validation_failed for a body that is not a batch of 1 to 100
 */
export function parseBatch(text: string): BatchItem[] {
  const { body, list, count, events } = scanJson(text, batchLevels, scanBatch);
  checkMembers(text, body, [], 'an object {"events": […]}');
  const unknown = body.members.filter(({ key }) => key !== 'events');
  if (unknown.length > 0) {
    throw problemOf(
      unknown.slice(0, 20).map(({ key }) => fieldError([key], 'an unknown field', 'the fields events')),
    );
  }
  const accepted = `an array of 1 to ${eventLimits.batch} events`;
  if (list === undefined) throw problemOf([requiredField(['events'], accepted)]);
  if (text[list.start] !== '[') {
    throw problemOf([fieldError(['events'], describeValue(valueIn(text, list)), accepted)]);
  }
  if (count < 1 || count > eventLimits.batch) {
    throw problemOf([fieldError(['events'], `an array of ${count}`, accepted)]);
  }
  return events.map((event, index) => readItem(text, event, index));
}

interface ScannedBatch {
  readonly body: ScannedMembers;
  /** The value of `events`, and how many elements it has. */
  readonly list?: Range;
  readonly count: number;
  /** As many of the elements as a batch may have. */
  readonly events: readonly ScannedMembers[];
}

function scanBatch(scanner: JsonScanner): ScannedBatch {
  const members: Member[] = [];
  const events: ScannedMembers[] = [];
  let list: Range | undefined;
  let count = 0;
  const scanEvents = (): ScannedValue =>
    scanner.value(() => {
      count += 1;
      if (count <= eventLimits.batch) events.push(scanMembers(scanner));
      else scanner.value();
    });
  const body = scanner.value((key) => {
    const value = key === 'events' ? scanEvents() : scanner.value();
    if (key === 'events') list = value;
    members.push({ key: String(key), value });
  });
  return { body: { ...body, members }, list, count, events };
}

function readItem(text: string, event: ScannedMembers, index: number): BatchItem {
  const path = ['events', index];
  try {
    if (event.levels > eventLimits.levels) {
      const accepted = `at most ${eventLimits.levels} levels of arrays and objects`;
      throw problemOf([fieldError(path, 'more levels', accepted)], 'json_too_deep');
    }
    return { ok: true, event: readEvent(text, event, path) };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error };
    throw error;
  }
}

/** @param path - where in the body the event is, e.g. `['events', 0]`. */
function readEvent(text: string, event: ScannedMembers, path: readonly PropertyKey[]): NewEvent {
  checkMembers(text, event, path, 'an event such as {"type": "order.created", "payload": {}}');
  const entries = event.members.map(
    ({ key, value }) => [key, key === 'payload' ? value : valueIn(text, value)] as const,
  );
  const given = Object.fromEntries(entries);
  const { type, source, payload, options } = validate({ schema: envelopeSchema, value: given, path });
  const payloadText = text.slice(payload.start, payload.end);
  checkPayloadSize(payloadText, path);
  const { priority, delay = 0, tags = [] } = options ?? {};
  return { type, source, tags, priority, delay, payload: payloadText };
}

/** Refuses what is not an object, and an object that names a field twice: JSON.parse would keep the last one. */
function checkMembers(
  text: string,
  value: ScannedMembers,
  path: readonly PropertyKey[],
  accepted: string,
): void {
  if (text[value.start] !== '{') {
    throw problemOf([fieldError(path, describeValue(valueIn(text, value)), accepted)]);
  }
  const twice = repeatedKey(value.members);
  if (twice !== undefined) throw problemOf([duplicateField([...path, twice])]);
}

function checkPayloadSize(payload: string, path: readonly PropertyKey[]): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= eventLimits.payloadBytes) return;
  const error = fieldError(
    [...path, 'payload'],
    `${bytes} bytes`,
    `at most ${eventLimits.payloadBytes} bytes`,
  );
  throw problemOf([error], 'payload_too_large');
}

const valueIn = (text: string, { start, end }: Range): unknown => JSON.parse(text.slice(start, end));
