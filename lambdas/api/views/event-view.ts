import { unpack } from '#core/event/compression.ts';
import type { ListedEvent, StoredEvent } from '#core/event/event.ts';

/** An event in a list: without its payload, so that a page always fits into one answer. Times are ISO 8601. */
export function eventSummary(event: ListedEvent) {
  const { id, applicationId, type, source, tags, timestamp, deliverAt, endpointCount } = event;
  return {
    ...{ id, applicationId, type },
    ...(source === undefined ? {} : { source }),
    tags,
    timestamp: new Date(timestamp).toISOString(),
    ...(deliverAt > timestamp ? { deliverAt: new Date(deliverAt).toISOString() } : {}),
    webhookCount: endpointCount,
  };
}

/**
 * An event with its payload and more members, as JSON text. The payload's own bytes are written, never parsed:
 * numbers beyond a double, duplicate keys and blanks stay as the producer sent them.
 *
 * @param more - at least one member.
 */
export function eventText(event: StoredEvent, more: Readonly<Record<string, unknown>>): string {
  const summary = JSON.stringify(eventSummary(event)).slice(0, -1);
  const payload = Buffer.from(unpack(event.payload)).toString('utf8');
  return `${summary},"payload":${payload},${JSON.stringify(more).slice(1)}`;
}
