import { unpack } from '#core/event/compression.ts';
import type { ListedEvent, StoredEvent } from '#core/event/event.ts';
import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { eventSummarySchema } from './event-view-schema.ts';

/** An event in a list, without its payload, so that a page always fits into one answer. */
export function eventSummary(event: ListedEvent): ViewOf<typeof eventSummarySchema> {
  const { id, applicationId, type, source, tags, timestamp, deliverAt, endpointCount } = event;
  return {
    id,
    applicationId,
    type,
    source,
    tags,
    timestamp: iso(timestamp),
    deliverAt: deliverAt > timestamp ? iso(deliverAt) : undefined,
    webhookCount: endpointCount,
  };
}

/**
 * An event with its payload and more members, as JSON text. The payload keeps its bytes, because parsing would lose numbers
 * beyond a double, duplicate keys and blanks.
 *
 * @param more - at least one member.
 */
export function eventText(event: StoredEvent, more: Readonly<Record<string, unknown>>): string {
  const summary = JSON.stringify(eventSummary(event)).slice(0, -1);
  const payload = Buffer.from(unpack(event.payload)).toString('utf8');
  return `${summary},"payload":${payload},${JSON.stringify(more).slice(1)}`;
}
