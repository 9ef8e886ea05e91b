import * as z from 'zod/mini';
import { checkDepth } from '#core/json/depth.ts';
import { describeValue } from '#core/json/describe.ts';
import { elements, type Member, members, type Range } from '#core/json/ranges.ts';
import { Problem } from '#core/problem/problem.ts';
import { fields, oneOf, optional, text, whole } from '#core/validation/schemas.ts';
import { fieldError, problemOf, validate } from '#core/validation/validate.ts';
import { priorities } from './event.ts';
import { eventTypeProblem } from './type-name.ts';

export const eventLimits = {
  /** Milliseconds. */
  delay: 30 * 24 * 60 * 60 * 1_000,
  tags: 20,
  tagLength: 64,
  sourceLength: 128,
  payloadBytes: 256 * 1024,
  batch: 100,
  /** Levels of arrays and objects, the event's own included. */
  levels: 64,
} as const;

const tags = `an array of at most ${eventLimits.tags} strings of 1 to ${eventLimits.tagLength} characters`;

const anyValue = 'any JSON value';

const optionsSchema = fields({
  priority: optional(oneOf(priorities)),
  delay: optional(whole(0, eventLimits.delay, 'milliseconds')),
  tags: optional(z.array(text(1, eventLimits.tagLength), tags).check(z.maxLength(eventLimits.tags, tags))),
});

export const typeSchema = z.string('an event type such as order.created').check(
  z.check(({ value, issues }) => {
    const message = eventTypeProblem(value);
    if (message !== undefined) issues.push({ code: 'custom', input: value, path: [], message });
  }),
);

export const payloadSchema = z.custom<Range>((range) => range !== undefined, {
  error: anyValue,
  params: { accepted: anyValue },
});

/**
 * What a producer says about an event, the payload apart: its bytes are taken from the text as they are.
 * In the schema `payload` is where it lies.
 */
export const envelopeSchema = fields({
  type: typeSchema,
  source: optional(text(1, eventLimits.sourceLength)),
  payload: payloadSchema,
  options: optional(optionsSchema),
});

export interface EventEnvelope {
  readonly type: string;
  readonly source?: string;
  readonly options: {
    readonly priority?: (typeof priorities)[number];
    /** Milliseconds from now to the first attempt. */
    readonly delay: number;
    readonly tags: readonly string[];
  };
}

export interface ReceivedEvent {
  readonly envelope: EventEnvelope;
  /** The payload's JSON exactly as it was written. */
  readonly payloadText: string;
}

export type BatchItem =
  | { readonly ok: true; readonly event: ReceivedEvent }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Reads one event.
 *
 * @param json - text that JSON.parse accepts.
 * @param range - where in it the event lies; the whole by default.
 * @param path - where that is for messages, e.g. `['events', 0]`.
 * @throws Problem: validation_failed (400), payload_too_large (413)
 */
export function parseEvent(
  json: string,
  range: Range = everything(json),
  path: readonly PropertyKey[] = [],
): ReceivedEvent {
  const found = objectMembers(json, range, path, 'an event such as {"type": "order.created", "payload": {}}');
  // The payload is only measured: parsing it again would cost more than it tells.
  const entries = found.map(
    ({ key, value }) => [key, key === 'payload' ? value : valueIn(json, value)] as const,
  );
  const given = Object.fromEntries(entries);
  const { type, source, payload, options } = validate({ schema: envelopeSchema, value: given, path });
  const payloadText = json.slice(payload.start, payload.end);
  checkPayloadSize(payloadText, path);
  const { priority, delay = 0, tags = [] } = options ?? {};
  return {
    envelope: {
      type,
      ...(source === undefined ? {} : { source }),
      options: { ...(priority === undefined ? {} : { priority }), delay, tags },
    },
    payloadText,
  };
}

/**
 * Reads `{"events": […]}`. One bad event does not refuse the others: each gets its own result, in order.
 *
 * @param json - text that JSON.parse accepts.
 * @throws Problem `validation_failed` when the body is no batch of 1 to 100
 */
export function parseBatch(json: string): BatchItem[] {
  const found = objectMembers(json, everything(json), [], 'an object {"events": […]}');
  const unknown = found.filter(({ key }) => key !== 'events');
  if (unknown.length > 0) {
    throw problemOf(
      unknown.slice(0, 20).map(({ key }) => fieldError([key], 'an unknown field', 'the fields events')),
    );
  }
  const range = found[0]?.value;
  const accepted = `an array of 1 to ${eventLimits.batch} events`;
  if (range === undefined) throw problemOf([fieldError(['events'], 'nothing', accepted)]);
  if (json[range.start] !== '[') {
    throw problemOf([fieldError(['events'], describeValue(valueIn(json, range)), accepted)]);
  }
  const items = elements(json, range);
  if (items.length < 1 || items.length > eventLimits.batch) {
    throw problemOf([fieldError(['events'], `an array of ${items.length}`, accepted)]);
  }
  return items.map((item, index) => parseItem(json, item, index));
}

function parseItem(json: string, range: Range, index: number): BatchItem {
  try {
    checkLevels(json.slice(range.start, range.end), index);
    return { ok: true, event: parseEvent(json, range, ['events', index]) };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error };
    throw error;
  }
}

function checkLevels(text: string, index: number): void {
  if (checkDepth(text, eventLimits.levels)) return;
  const accepted = `at most ${eventLimits.levels} levels of arrays and objects`;
  throw problemOf([fieldError(['events', index], 'more levels', accepted)], 'json_too_deep');
}

/** The members of an object that names each once. JSON.parse would silently keep the last of two. */
function objectMembers(json: string, range: Range, path: readonly PropertyKey[], accepted: string): Member[] {
  const first = json.slice(range.start, range.end).trimStart()[0];
  if (first !== '{') throw problemOf([fieldError(path, describeValue(valueIn(json, range)), accepted)]);
  const found = members(json, range.start);
  const seen = new Set<string>();
  const twice = found.find(({ key }) => seen.size === seen.add(key).size);
  if (twice !== undefined) throw problemOf([fieldError([...path, twice.key], 'it twice', 'each field once')]);
  return found;
}

function checkPayloadSize(payloadText: string, path: readonly PropertyKey[]): void {
  const bytes = Buffer.byteLength(payloadText);
  if (bytes <= eventLimits.payloadBytes) return;
  const error = fieldError(
    [...path, 'payload'],
    `${bytes} bytes`,
    `at most ${eventLimits.payloadBytes} bytes`,
  );
  throw problemOf([error], 'payload_too_large');
}

const valueIn = (json: string, { start, end }: Range): unknown => JSON.parse(json.slice(start, end));
const everything = (json: string): Range => ({ start: 0, end: json.length });
