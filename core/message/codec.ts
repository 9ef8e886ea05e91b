import * as z from 'zod/mini';
import { type Packed, unpack } from '#core/event/compression.ts';
import { priorities, type StoredEvent } from '#core/event/event.ts';
import { describeValue } from '#core/json/describe.ts';
import type { CarriedEvent, CarriedPayload, Message } from './message.ts';

/** A decoded message. */
export type DecodedMessage =
  | Message
  /** A later release wrote it. */
  | { readonly kind: 'unknown-version'; readonly version: number }
  | { readonly kind: 'malformed'; readonly reason: string };

// SQS bills each started chunk of 64 KB, so one byte more would double the price of the message.
const billingChunk = 64 * 1024;
const version = 1;

const carriedEvent = z.object({
  type: z.string(),
  timestamp: z.number(),
  payload: z.object({ encoding: z.enum(['plain', 'deflate']), data: z.string() }),
  hops: z.optional(z.int()),
});

const message = z.discriminatedUnion('kind', [
  z.object({
    v: z.literal(version),
    kind: z.literal('delivery'),
    applicationId: z.string(),
    endpointId: z.string(),
    eventId: z.string(),
    priority: z.enum(priorities),
    generation: z.int(),
    first: z.boolean(),
    event: z.optional(carriedEvent),
  }),
  z.object({
    v: z.literal(version),
    kind: z.literal('fan-out'),
    applicationId: z.string(),
    eventId: z.string(),
    segment: z.int(),
    again: z.optional(z.int()),
  }),
  z.object({
    v: z.literal(version),
    kind: z.literal('dead-letter'),
    applicationId: z.string(),
    endpointId: z.string(),
    eventId: z.string(),
    generation: z.int(),
    reason: z.string(),
  }),
  z.object({
    v: z.literal(version),
    kind: z.literal('task'),
    taskId: z.string(),
    step: z.int(),
  }),
  z.object({
    v: z.literal(version),
    kind: z.literal('drain'),
    applicationId: z.string(),
    endpointId: z.string(),
    step: z.int(),
  }),
]);

const versioned = z.object({ v: z.int() });

/**
 * The text of a message, in ASCII because SQS refuses some characters that JSON allows.
 *
 * An event that would make the message larger than 64 KB is left out. The receiver then reads it from the table.
 */
export function encodeMessage(message: Message): string {
  const text = asciiJson(message);
  if (text.length <= billingChunk || message.kind !== 'delivery') return text;
  const { event, ...withoutEvent } = message;
  return asciiJson(withoutEvent);
}

/** Reads a message of any origin. It never throws and ignores unknown members. */
export function decodeMessage(body: string): DecodedMessage {
  const parsed = parseJson(body);
  if (!parsed.ok) return { kind: 'malformed', reason: `not JSON: ${parsed.reason}` };
  const found = versioned.safeParse(parsed.value);
  if (!found.success) return { kind: 'malformed', reason: `no version in ${describeValue(parsed.value)}` };
  if (found.data.v !== version) return { kind: 'unknown-version', version: found.data.v };
  const decoded = message.safeParse(parsed.value);
  if (decoded.success) return decoded.data;
  return { kind: 'malformed', reason: decoded.error.issues.map(describeIssue).join('; ') };
}

/** The part of an event that a message carries; undefined when the payload alone is larger than 64 KB. */
export function carryEvent(
  event: Pick<StoredEvent, 'type' | 'timestamp' | 'payload' | 'hops'>,
): CarriedEvent | undefined {
  const payload = carryPayload(event.payload);
  return payload.data.length > billingChunk
    ? undefined
    : { type: event.type, timestamp: event.timestamp, payload, hops: event.hops };
}

/** A payload in a form that every queue accepts. */
export function carryPayload({ compressed, bytes }: Packed): CarriedPayload {
  return { encoding: compressed ? 'deflate' : 'plain', data: asBuffer(bytes).toString('base64') };
}

/**
 * The bytes of a carried payload.
 *
 * @throws Error when the data is damaged
 */
export function openPayload(carried: CarriedPayload): Uint8Array {
  return unpack({
    compressed: carried.encoding === 'deflate',
    bytes: Buffer.from(carried.data, 'base64'),
  });
}

type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function asciiJson(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, escaped);
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const describeIssue = (issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string =>
  `${issue.path.map(String).join('.') || 'the message'}: ${issue.message}`;
