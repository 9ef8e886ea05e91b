import type { MatchedEndpoint } from '#core/event/event.ts';
import { api } from './api-fixture.ts';
import { eventOf, idsAt } from './deliveries.ts';

/** Stores an event of the time `now` that matched new endpoints. None of its deliveries has an item. */
export async function storeEvent(
  now: number,
  endpointCount: number,
  change: Parameters<typeof eventOf>[0] = {},
) {
  const ids = idsAt(now);
  // In the order in which routing finds them.
  const endpointIds = Array.from({ length: endpointCount }, ids.endpoint).sort();
  const matched = endpointIds.map((endpointId): MatchedEndpoint => ({ endpointId, priority: 'normal' }));
  const endpoints = endpointCount <= 50 ? matched : [];
  const event = eventOf({ timestamp: now, deliverAt: now, endpointCount, endpoints, ...change });
  if (endpointCount > 50) await api.stores.events.createSegments(event, matched);
  await api.stores.events.create(event);
  return { event, matched, endpointId: matched[0]?.endpointId ?? '' };
}
