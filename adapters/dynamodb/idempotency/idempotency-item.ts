import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { Decoded } from '#adapters/dynamodb/event/event-item.ts';
import { idempotencyKey } from '#adapters/dynamodb/table/event-keys.ts';
import { type Item, itemVersion, toAttributes } from '#adapters/dynamodb/table/table.ts';
import { pack, unpack } from '#core/event/compression.ts';
import { type IdempotencyKey, type KeyRecord, keyLifetime } from '#core/idempotency/stored-answer.ts';

// Names are billed with every item, so they are short: r revision, h request hash; while pending c claim id, l lease
// until, e event ids; once answered b the answer, z whether b is compressed.
const common = { v: z.literal(itemVersion), ttl: z.number(), r: z.number(), h: z.string() };
const pendingItem = z.object({ ...common, c: z.string(), l: z.number(), e: z.string() });
const answeredItem = z.object({
  ...common,
  b: z.instanceof(Uint8Array),
  z: z.optional(z.literal(1)),
});
const keyItem = z.union([answeredItem, pendingItem]);

/** @param now epoch milliseconds; a key is forgotten 24 hours after its last change */
export function encodeKey(key: IdempotencyKey, record: KeyRecord, now: number): Item {
  return toAttributes({
    ...idempotencyKey(key),
    v: itemVersion,
    ttl: Math.ceil((now + keyLifetime) / 1_000),
    r: record.revision,
    h: record.requestHash,
    ...(record.kind === 'pending'
      ? { c: record.claimId, l: record.leaseUntil, e: record.eventIds.join(' ') }
      : answerAttributes(record.answer)),
  });
}

/** @throws Error when the item is not a key in a form of this release */
export function decodeKey(item: Item): Decoded<KeyRecord> {
  const found = keyItem.parse(unmarshall(item));
  const used = { revision: found.r, requestHash: found.h };
  if ('b' in found) {
    const answer = Buffer.from(unpack({ compressed: found.z === 1, bytes: found.b })).toString();
    return { content: { kind: 'answered', ...used, answer }, ttl: found.ttl };
  }
  const eventIds = found.e === '' ? [] : found.e.split(' ');
  return {
    content: { kind: 'pending', ...used, claimId: found.c, leaseUntil: found.l, eventIds },
    ttl: found.ttl,
  };
}

function answerAttributes(answer: string) {
  const { bytes, compressed } = pack(Buffer.from(answer));
  return { b: bytes, z: compressed ? 1 : undefined };
}
