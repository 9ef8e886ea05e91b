import * as z from 'zod/mini';
import { eventLimits, typeSchema } from '#core/event/event-schema.ts';
import { checkDepth } from '#core/json/depth.ts';
import { describeValue } from '#core/json/describe.ts';
import { repeatedKey, scanMembers } from '#core/json/members.ts';
import { InvalidJson } from '#core/json/scanner.ts';
import { Problem } from '#core/problem/problem.ts';
import { parseInstant } from '#core/validation/instant.ts';
import { scanJson } from '#core/validation/scan-json.ts';
import { accepts, optional, text } from '#core/validation/schemas.ts';
import { duplicateField, fieldError, problemOf, validate } from '#core/validation/validate.ts';
import { isUuid } from './uuid.ts';

/** An event as clients of the original Hook0 post it to `/api/v1/event`. */
interface V1Event {
  /** A UUID in lower case that the client made, by which a repeated request is recognised. */
  readonly eventId?: string;
  readonly applicationId: string;
  readonly type: string;
  /** JSON text, which is delivered as it is. */
  readonly payload: string;
  readonly tags: readonly string[];
}

const jsonType = 'application/json';
const uuid = 'a UUID such as 018f6d3c-5b0a-7c1e-9d55-3a1f0c9b7e42';
const time = 'an ISO 8601 time such as 2026-01-31T12:00:00Z';
const labels = 'an object of strings';

// Not strict, like the original: clients of other versions send fields that have no meaning here.
export const v1EventSchema = z.object(
  {
    event_id: optional(z.string(uuid).check(accepts(isUuid, uuid))),
    application_id: text(1, 64),
    event_type: typeSchema,
    payload: z.string('a string that holds JSON'),
    payload_content_type: z.string(jsonType),
    // Only checked, because the original neither routes by these fields nor sends them to receivers.
    metadata: optional(z.record(z.string(), z.unknown(), 'an object')),
    occurred_at: optional(z.string(time).check(accepts((value) => parseInstant(value) !== undefined, time))),
    labels: optional(z.record(z.string(), z.string('a string'), labels)),
  },
  'an event such as {"application_id": "…", "event_type": "order.invoice.paid", "payload": "{}", "payload_content_type": "application/json"}',
);

/**
 * Reads what `POST /api/v1/event` takes.
 *
 * @throws Problem: invalid_json, json_too_deep, validation_failed, payload_content_type, payload_not_json (400),
 * payload_too_large (413)
 */
export function parseV1Event(text: string): V1Event {
  const { members } = scanJson(text, eventLimits.levels, scanMembers);
  const given = validate({ schema: v1EventSchema, value: JSON.parse(text) });
  const twice = repeatedKey(members);
  if (twice !== undefined) throw problemOf([duplicateField([twice])]);
  checkContentType(given.payload_content_type);
  checkPayload(given.payload);
  return {
    eventId: given.event_id?.toLowerCase(),
    applicationId: given.application_id,
    type: given.event_type,
    payload: given.payload,
    tags: labelTags(given.labels ?? {}),
  };
}

/**
 * The tags for labels, of the form `key:value`. An endpoint can filter for the tag of a label.
 *
 * @throws Problem `validation_failed` for labels that make no tags: leaving one out would route the event elsewhere
 */
function labelTags(given: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(given);
  if (entries.length > eventLimits.tags) {
    throw problemOf([fieldError(['labels'], `${entries.length} labels`, `at most ${eventLimits.tags}`)]);
  }
  const accepted = `a key without ":", and at most ${eventLimits.tagLength} characters in "key:value", none a control character`;
  return entries.map(([key, value]) => {
    const tag = `${key}:${value}`;
    const isTag = key !== '' && !key.includes(':') && tag.length <= eventLimits.tagLength;
    if (isTag && tag.isWellFormed() && !/\p{Cc}/u.test(tag)) return tag;
    throw problemOf([fieldError(['labels', key], describeValue(tag), accepted)]);
  });
}

function checkContentType(given: string): void {
  if (given === jsonType) return;
  throw new Problem('payload_content_type', {
    detail: `payload_content_type: received ${describeValue(given)}; accepted: ${jsonType}, as every webhook is sent with it`,
    field: 'payload_content_type',
    accepted: jsonType,
  });
}

function checkPayload(payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes > eventLimits.payloadBytes) {
    const accepted = `at most ${eventLimits.payloadBytes} bytes`;
    throw problemOf([fieldError(['payload'], `${bytes} bytes`, accepted)], 'payload_too_large');
  }
  if (!payload.isWellFormed()) throw notJson('half of a surrogate pair', 'text that UTF-8 can write');
  // In a body of /api/events, the event itself is one level more.
  const levels = eventLimits.levels - 1;
  try {
    if (checkDepth(payload, levels)) return;
  } catch (error) {
    if (!(error instanceof InvalidJson)) throw error;
    throw notJson('a string that holds none', 'the text of a JSON value (RFC 8259)');
  }
  throw notJson('JSON of more levels', `at most ${levels} levels of arrays and objects`);
}

const notJson = (received: string, accepted: string): Problem =>
  problemOf([fieldError(['payload'], received, accepted)], 'payload_not_json');
