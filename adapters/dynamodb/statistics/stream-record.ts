import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { decodeDelivery } from '#adapters/dynamodb/delivery/delivery-item.ts';
import type { Item } from '#adapters/dynamodb/table/table.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { fingerprintLength } from './statistics-item.ts';

/** A change of the event table that counts in statistics. */
export type StreamChange =
  | { readonly kind: 'delivery'; readonly before: Delivery | undefined; readonly after: Delivery }
  | {
      readonly kind: 'event';
      readonly event: Pick<StoredEvent, 'applicationId' | 'type' | 'source' | 'timestamp'>;
    };

export interface StreamRecord {
  readonly sequenceNumber: string;
  /** Distinguishes the change from every other one, of its item and of other items. */
  readonly fingerprint: string;
  /** @throws Error when an image is not an item in a form of this release */
  readonly decode: () => StreamChange;
}

// Lambda hands binary attributes over as base64. Attributes of other types are refused by the item's own schema.
const attribute = z.union([
  z.pipe(
    z.strictObject({ B: z.string() }),
    z.transform(({ B }): { B: Uint8Array } => ({ B: Buffer.from(B, 'base64') })),
  ),
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: z.string() }),
]);
const image = z.record(z.string(), attribute);

const record = z.object({
  dynamodb: z.object({
    SequenceNumber: z.string(),
    Keys: z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) }),
    NewImage: z.record(z.string(), z.unknown()),
    OldImage: z.optional(z.record(z.string(), z.unknown())),
  }),
});

const eventFields = z.object({
  t: z.object({ S: z.string() }),
  at: z.object({ N: z.string() }),
  s: z.optional(z.object({ S: z.string() })),
});
const revised = z.object({ r: z.optional(z.object({ N: z.string() })) });

const eventPartition = /^APP#(.+)#\d+$/;

/**
 * A record as Lambda hands it over, with both images.
 *
 * @throws Error when it is not the record of an inserted or modified item
 */
export function parseStreamRecord(given: unknown): StreamRecord {
  const { SequenceNumber, Keys, NewImage, OldImage } = record.parse(given).dynamodb;
  const pk = Keys.pk.S;
  const revision = revised.parse(NewImage).r?.N ?? '';
  const applicationId = eventPartition.exec(pk)?.[1];
  return {
    sequenceNumber: SequenceNumber,
    fingerprint: fingerprintOf(`${pk} ${Keys.sk.S} ${revision}`),
    decode: () => {
      if (applicationId !== undefined) {
        const { t, at, s } = eventFields.parse(NewImage);
        return { kind: 'event', event: { applicationId, type: t.S, timestamp: Number(at.N), source: s?.S } };
      }
      const after = toDelivery(NewImage);
      // Revision 1 replaces at most an expired item, which counts as none.
      const before = OldImage === undefined || after.revision === 1 ? undefined : toDelivery(OldImage);
      return { kind: 'delivery', before, after };
    },
  };
}

function toDelivery(given: unknown): Delivery {
  const item: Item = image.parse(given);
  return decodeDelivery(item).content;
}

const fingerprintOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64').slice(0, fingerprintLength);
