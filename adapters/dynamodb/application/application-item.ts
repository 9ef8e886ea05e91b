import * as z from 'zod/mini';
import type { RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { objectText } from '#adapters/dynamodb/table/json-attribute.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import type { Application } from '#core/application/application.ts';
import type { Counted } from '#core/application/limits.ts';

const schema = z.object({
  v: z.literal(itemVersion),
  id: z.string(),
  name: z.string(),
  metadata: objectText,
  limits: z.optional(
    z.object({
      endpoints: z.optional(z.number()),
      eventTypes: z.optional(z.number()),
      eventsPerSecond: z.optional(z.number()),
      bytesPerDay: z.optional(z.number()),
    }),
  ),
  endpointCount: z.number(),
  eventTypeCount: z.number(),
  routeBytes: z.number(),
  filterSteps: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Grows with each write and is its condition. */
  revision: z.number(),
  /** Set while the application is being deleted. To all other readers it does not exist any more. */
  removing: z.optional(z.literal(true)),
  /** Set once everything else is deleted. Until it expires, the id cannot be used again. Epoch seconds. */
  ttl: z.optional(z.number()),
});

export interface ApplicationItem {
  readonly application: Application;
  readonly revision: number;
  /** How many endpoints and event types it has, the memory of its routes, and the steps of all its filters. */
  readonly counts: { readonly [Kind in Counted]: number };
  /** True from the first step of the removal on, also when it is removed. */
  readonly removing: boolean;
  readonly removed: boolean;
}

export function applicationAttributes(application: Application, revision: number) {
  const { id, name, metadata, limits, createdAt, updatedAt } = application;
  return { id, name, metadata: JSON.stringify(metadata), limits, createdAt, updatedAt, revision };
}

export function parseApplication(item: RawItem): ApplicationItem {
  const {
    v,
    revision,
    endpointCount,
    eventTypeCount,
    routeBytes,
    filterSteps,
    removing = false,
    ttl,
    ...rest
  } = z.parse(schema, item);
  const { limits, ...application } = rest;
  return {
    application: limits === undefined ? application : { ...application, limits },
    revision,
    counts: { endpoints: endpointCount, eventTypes: eventTypeCount, routeBytes, filterSteps },
    removing,
    removed: ttl !== undefined,
  };
}
