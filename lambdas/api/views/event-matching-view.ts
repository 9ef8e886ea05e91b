import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import { patternsCovering } from '#core/event/type-name.ts';
import { failedConditions } from '#core/filter/explain.ts';
import type { FilterableEvent } from '#core/filter/field.ts';
import { filterLimits } from '#core/filter/filter.ts';
import { describeValue } from '#core/json/describe.ts';
import { formatPointer } from '#core/json/pointer.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import type { Metadata } from '#core/routing/route.ts';
import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { eventMatchingViewSchema } from './event-matching-view-schema.ts';

export type EventMatchingView = ViewOf<typeof eventMatchingViewSchema>;
type Conditions = NonNullable<EventMatchingView['conditions']>;

/** What the view of an endpoint needs to know about the event. */
export interface MatchingContext {
  readonly event: FilterableEvent;
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
  /** The endpoints of the page that the event matched when it was accepted. */
  readonly matched: ReadonlySet<string>;
  readonly applicationMetadata: Metadata;
  readonly regex?: RegexEngine | undefined;
  /** Whether the caller may see what endpoints are configured to filter. */
  readonly showsConditions: boolean;
}

/** Whether an endpoint got an event, and if not, why. */
export function eventMatchingView(record: OutlineRecord, context: MatchingContext): EventMatchingView {
  const { endpoint, state } = record;
  const { id, name, createdAt, updatedAt } = endpoint;
  return {
    endpointId: id,
    name,
    ...reasonOf(record, context),
    changedSince: createdAt <= context.acceptedAt && Math.max(updatedAt, state.since) > context.acceptedAt,
  };
}

type Reason = Pick<EventMatchingView, 'outcome' | 'explanation' | 'conditions'>;

function reasonOf({ endpoint, state }: OutlineRecord, context: MatchingContext): Reason {
  const { event, acceptedAt, matched } = context;
  const { events, createdAt, updatedAt } = endpoint;
  if (matched.has(endpoint.id)) {
    return { outcome: 'matched', explanation: 'the event matched; its delivery says what became of it' };
  }
  if (createdAt > acceptedAt) {
    const explanation = `the endpoint was created at ${iso(createdAt)}, after the event was accepted`;
    return { outcome: 'created_later', explanation };
  }
  if (state.status === 'disabled') {
    const reason = state.reason === undefined ? '' : ` (${state.reason})`;
    return {
      outcome: 'disabled',
      explanation: `the endpoint is disabled since ${iso(state.since)}${reason}`,
    };
  }
  const covering = patternsCovering(event.type);
  if (!events.some((pattern) => covering.includes(pattern))) {
    const wanted = context.showsConditions ? `: ${someOf(events)}` : '';
    const explanation = `none of the endpoint's events covers ${event.type}${wanted}`;
    return { outcome: 'event_type', explanation };
  }
  const conditions = failuresOf(endpoint, context);
  const [first] = conditions;
  if (first !== undefined) {
    const more = conditions.length > 1 ? ` (and ${conditions.length - 1} alternatives fail)` : '';
    return context.showsConditions
      ? { outcome: 'filter', explanation: `${sentenceOf(first)}${more}`, conditions }
      : { outcome: 'filter', explanation: "the endpoint's filters refuse the event" };
  }
  const changedAt = iso(Math.max(updatedAt, state.since));
  const explanation = `the event would match now; the endpoint was last changed at ${changedAt}`;
  return { outcome: 'changed_later', explanation };
}

const mostPatterns = 10;
const someOf = (events: readonly string[]): string =>
  events.slice(0, mostPatterns).join(', ') + (events.length > mostPatterns ? ', …' : '');

function failuresOf(
  { filters, metadata }: OutlineRecord['endpoint'],
  { event, applicationMetadata, regex }: MatchingContext,
): Conditions {
  if (filters === undefined) return [];
  const failed = failedConditions(
    filters,
    event,
    { endpoint: metadata, application: applicationMetadata },
    regex,
  );
  return failed.map(({ path, condition, actual }) => ({
    pointer: formatPointer(['filters', ...path]),
    field: condition.field,
    operator: condition.operator,
    value: condition.value,
    received: receivedOf(condition.operator, actual),
  }));
}

/** What the event has in the field. Its length, if that is why it does not match. */
function receivedOf(operator: string, actual: unknown): string {
  const isLooked = operator === 'contains' || operator === 'regex';
  const length = typeof actual === 'string' || Array.isArray(actual) ? actual.length : 0;
  return isLooked && length > filterLimits.searched
    ? `${typeof actual === 'string' ? 'a string' : 'an array'} of ${length}, where at most ${filterLimits.searched} are searched`
    : describeValue(actual);
}

const sentenceOf = ({ pointer, field, operator, value, received }: Conditions[number]): string =>
  `${pointer}: ${field} ${operator} ${describeValue(value)} does not hold; received ${received}`;
