import * as z from 'zod/mini';
import type { RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import { type EventType, type EventTypeRule, ruleOf } from '#core/event-type/event-type.ts';

const schema = z.object({
  v: z.literal(itemVersion),
  applicationId: z.string(),
  name: z.string(),
  description: z.optional(z.string()),
  // JSON text, for the reasons that json-attribute.ts gives.
  schema: z.optional(z.string()),
  example: z.optional(z.string()),
  archived: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Grows with each write and is its condition. */
  revision: z.number(),
  /** The routing version that brought the schema; absent without one. */
  schemaVersion: z.optional(z.number()),
});

export interface EventTypeItem {
  readonly eventType: EventType;
  readonly revision: number;
  readonly schemaVersion?: number | undefined;
  /** The rule for ingest, if the type has one. */
  readonly rule: EventTypeRule | undefined;
}

export function eventTypeAttributes(
  eventType: EventType,
  revision: number,
  schemaVersion: number | undefined,
) {
  return { ...eventType, revision, schemaVersion };
}

export function parseEventType(item: RawItem): EventTypeItem {
  const { v, revision, schemaVersion, description, schema: text, example, ...rest } = z.parse(schema, item);
  const eventType: EventType = {
    ...rest,
    ...(description === undefined ? {} : { description }),
    ...(text === undefined ? {} : { schema: text }),
    ...(example === undefined ? {} : { example }),
  };
  return { eventType, revision, schemaVersion, rule: ruleOf(eventType, schemaVersion) };
}
