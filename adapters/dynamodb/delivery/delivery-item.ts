import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { putMarkSize } from '#adapters/dynamodb/table/conditional.ts';
import { deliveryKey, parseDeliveryKey } from '#adapters/dynamodb/table/event-keys.ts';
import { settledTtl } from '#adapters/dynamodb/table/event-table.ts';
import { itemSize, writeUnit } from '#adapters/dynamodb/table/item-size.ts';
import { type Item, itemVersion, toAttributes } from '#adapters/dynamodb/table/table.ts';
import {
  type Attempt,
  type Delivery,
  type DeliveryState,
  type EarlierGeneration,
  isSettled,
} from '#core/delivery/delivery.ts';
import { watchdogEntryOf } from '#core/delivery/watchdog.ts';
import { priorities } from '#core/event/event.ts';
import type { Slot } from '#core/rate-limit/slot.ts';
import { packAttempts, unpackAttempts } from './attempts-blob.ts';

// Names are billed with every item, so they are short: a application, p priority, g generation, n attempts made,
// q times in quarantine, c created at, r revision, x the packed attempts, o how many webhooks led to the request for this
// generation, e the generations before it: g, of a death w why and s when, t the task that restarted it. `status` is
// projected into the index by its name.
const deathReason = z.enum(['exhausted', 'refused', 'gone', 'forbidden_target', 'internal']);
const earlierGeneration = z.object({
  g: z.number(),
  w: z.optional(deathReason),
  s: z.optional(z.number()),
  t: z.optional(z.string()),
});
const common = z.object({
  pk: z.string(),
  sk: z.string(),
  v: z.literal(itemVersion),
  ttl: z.optional(z.number()),
  a: z.string(),
  p: z.enum(priorities),
  g: z.number(),
  n: z.number(),
  q: z.optional(z.number()),
  c: z.number(),
  r: z.number(),
  x: z.optional(z.instanceof(Uint8Array)),
  o: z.optional(z.number()),
  e: z.optional(z.array(earlierGeneration)),
});

// Of the state: d due at, b whether a restart stored it, i whether it is to be the probe, k claim id, u claimed until, h held
// for, s since or settled at, w why. Of a rate-limit slot, whose time is d: l the limit it is for, m how many slots were
// missed, f since when the delivery waits.
const slotFields = { l: z.optional(z.number()), m: z.optional(z.number()), f: z.optional(z.number()) };
const choiceFields = { b: z.optional(z.literal(1)), i: z.optional(z.literal(1)) };
const stateOf = z.discriminatedUnion('status', [
  z.object({ status: z.literal('queued'), d: z.number(), ...choiceFields, ...slotFields }),
  z.object({ status: z.literal('attempting'), k: z.string(), u: z.number() }),
  z.object({
    status: z.literal('held'),
    h: z.enum(['backoff', 'circuit', 'internal', 'paused', 'rate_limit', 'scheduled']),
    s: z.number(),
    d: z.optional(z.number()),
    ...slotFields,
  }),
  z.object({ status: z.literal('succeeded'), s: z.number() }),
  z.object({
    status: z.literal('dead'),
    s: z.number(),
    w: deathReason,
  }),
  z.object({
    status: z.literal('cancelled'),
    s: z.number(),
    w: z.enum(['endpoint_disabled', 'endpoint_deleted', 'event_deleted', 'expired']),
  }),
]);

/**
 * A delivery as an item. A success at the first try fits into one write unit: of the answer, the part that does not fit is
 * cut, the body first, because successes are seldom debugged.
 */
export function encodeDelivery(delivery: Delivery, retentionDays: number): Item {
  const { state } = delivery;
  const attention = watchdogEntryOf(delivery);
  const item = toAttributes({
    ...deliveryKey(delivery),
    v: itemVersion,
    ttl: isSettled(state) ? settledTtl(state.settledAt, retentionDays) : undefined,
    a: delivery.applicationId,
    p: delivery.priority,
    g: delivery.generation,
    n: delivery.attemptCount,
    q: delivery.quarantines,
    c: delivery.createdAt,
    r: delivery.revision,
    o: delivery.hops || undefined,
    e: delivery.earlier?.map(encodeEarlier),
    ...encodeState(state),
    attentionKey: attention?.key,
    attentionAt: attention?.at,
  });
  const [first, ...others] = delivery.attempts;
  if (first === undefined) return item;
  const isFirstTry = state.status === 'succeeded' && others.length === 0 && item.e === undefined;
  const x = isFirstTry
    ? packWithin(first, writeUnit - putMarkSize - itemSize(item) - 'x'.length)
    : packAttempts(delivery.attempts);
  return { ...item, x: { B: x } };
}

/** @throws Error when the item is not a delivery that this release can read */
export function decodeDelivery(item: Item): { readonly content: Delivery; readonly ttl: number | undefined } {
  const attributes = unmarshall(item);
  const found = common.parse(attributes);
  const content: Delivery = {
    applicationId: found.a,
    ...parseDeliveryKey(found),
    priority: found.p,
    generation: found.g,
    attemptCount: found.n,
    attempts: found.x === undefined ? [] : unpackAttempts(found.x),
    quarantines: found.q,
    createdAt: found.c,
    hops: found.o,
    revision: found.r,
    ...(found.e === undefined ? {} : { earlier: found.e.map(decodeEarlier) }),
    state: decodeState(stateOf.parse(attributes)),
  };
  return { content, ttl: found.ttl };
}

function encodeState(state: DeliveryState): z.infer<typeof stateOf> {
  switch (state.status) {
    case 'queued':
      return {
        status: state.status,
        d: state.dueAt,
        b: state.restarted ? 1 : undefined,
        i: state.isProbe ? 1 : undefined,
        ...encodeSlot(state.slot),
      };
    case 'attempting':
      return { status: state.status, k: state.claimId, u: state.until };
    case 'held': {
      const { status, heldFor: h, since: s, dueAt: d, slot } = state;
      return { status, h, s, d, ...encodeSlot(slot) };
    }
    case 'succeeded':
      return { status: state.status, s: state.settledAt };
    case 'dead':
      return { status: state.status, s: state.settledAt, w: state.reason };
    case 'cancelled':
      return { status: state.status, s: state.settledAt, w: state.reason };
  }
}

const encodeEarlier = ({ generation: g, death, taskId: t }: EarlierGeneration) => ({
  g,
  w: death?.reason,
  s: death?.at,
  t,
});

const decodeEarlier = ({ g, w, s, t }: z.infer<typeof earlierGeneration>): EarlierGeneration => ({
  generation: g,
  ...(w === undefined || s === undefined ? {} : { death: { reason: w, at: s } }),
  ...(t === undefined ? {} : { taskId: t }),
});

const encodeSlot = (slot: Slot | undefined) => ({ l: slot?.perSecond, m: slot?.lost, f: slot?.since });

function decodeSlot({
  l: perSecond,
  m: lost,
  f: since,
}: {
  readonly l?: number | undefined;
  readonly m?: number | undefined;
  readonly f?: number | undefined;
}): Slot | undefined {
  const isWhole = perSecond !== undefined && lost !== undefined && since !== undefined;
  return isWhole ? { perSecond, lost, since } : undefined;
}

function decodeState(found: z.infer<typeof stateOf>): DeliveryState {
  switch (found.status) {
    case 'queued':
      return {
        status: found.status,
        dueAt: found.d,
        slot: decodeSlot(found),
        ...(found.b === undefined ? {} : { restarted: true }),
        ...(found.i === undefined ? {} : { isProbe: true }),
      };
    case 'attempting':
      return { status: found.status, claimId: found.k, until: found.u };
    case 'held': {
      const { status, h: heldFor, s: since, d: dueAt } = found;
      return { status, heldFor, since, dueAt, slot: decodeSlot(found) };
    }
    case 'succeeded':
      return { status: found.status, settledAt: found.s };
    case 'dead':
      return { status: found.status, settledAt: found.s, reason: found.w };
    case 'cancelled':
      return { status: found.status, settledAt: found.s, reason: found.w };
  }
}

function packWithin(attempt: Attempt, room: number): Uint8Array {
  const { responseBody = '', responseHeaders, ...rest } = attempt;
  const whole = packAttempts([attempt]);
  if (whole.length <= room) return whole;
  for (let length = responseBody.length >> 1; length >= shortestBody; length >>= 1) {
    const cut = packAttempts([{ ...attempt, responseBody: cutText(responseBody, length) }]);
    if (cut.length <= room) return cut;
  }
  const withoutBody = packAttempts([{ ...rest, responseHeaders }]);
  return withoutBody.length <= room ? withoutBody : packAttempts([rest]);
}

// A shorter piece of a body is useless.
const shortestBody = 32;

/** The first characters, without half of a surrogate pair at the end. */
function cutText(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHighSurrogate ? length - 1 : length);
}
