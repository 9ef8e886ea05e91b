import type { Caller } from '#adapters/http-api/auth.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import { unpack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { matchedAmong } from '#core/event/matched.ts';
import { mostSteps } from '#core/filter/cost.ts';
import type { FilterableEvent } from '#core/filter/field.ts';
import { filterLimits, usesRegex } from '#core/filter/filter.ts';
import type { Page } from '#core/page/page.ts';
import { permits } from '#core/token/authorize.ts';
import { iso } from '#core/validation/instant.ts';
import type { Services, Uses } from '../services.ts';
import { type EventMatchingView, eventMatchingView } from '../views/event-matching-view.ts';

type MatchingServices = Uses<'applications', 'get'> & Uses<'events', 'segment'> & Pick<Services, 'loadRegex'>;

/**
 * Why the endpoints of a page got an event or not. The page ends early when the filters of further endpoints could take
 * longer than those of one event may.
 */
export async function eventMatching(
  { applications, events, loadRegex }: MatchingServices,
  event: StoredEvent,
  { items, next }: Page<OutlineRecord>,
  { token }: Caller,
): Promise<Page<EventMatchingView>> {
  const some = affordable(items);
  const ids = some.map(({ endpoint }) => endpoint.id);
  const [matched, application, regex] = await Promise.all([
    matchedAmong(event, ids, events.segment),
    applications.get(event.applicationId),
    some.some(hasRegex) ? loadRegex() : undefined,
  ]);
  const context = {
    event: filterable(event),
    acceptedAt: event.timestamp,
    matched: new Set(matched.map(({ endpointId }) => endpointId)),
    applicationMetadata: application?.metadata ?? {},
    regex,
    showsConditions: token.capabilities === undefined || permits(token.capabilities, 'endpoints:read'),
  };
  const views = some.map((record) => eventMatchingView(record, context));
  return { items: views, next: some.length < items.length ? ids.at(-1) : next };
}

/** At least one. */
function affordable(items: readonly OutlineRecord[]): readonly OutlineRecord[] {
  let steps = 0;
  const end = items.findIndex(({ endpoint: { filterCost } }, index) => {
    steps += filterCost === undefined ? 0 : mostSteps(filterCost);
    return index > 0 && steps > filterLimits.steps;
  });
  return end === -1 ? items : items.slice(0, end);
}

const hasRegex = ({ endpoint: { filters } }: OutlineRecord): boolean =>
  filters !== undefined && usesRegex(filters);

function filterable({ id, type, source, tags, timestamp, payload }: StoredEvent): FilterableEvent {
  const text = Buffer.from(unpack(payload)).toString('utf8');
  const parsed: unknown = JSON.parse(text);
  return {
    ...{ id, type, source, tags, timestamp: iso(timestamp), payloadLength: text.length },
    payload: () => parsed,
  };
}
