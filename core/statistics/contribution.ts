import { type Attempt, type Delivery, type DeliveryState, isSettled } from '#core/delivery/delivery.ts';
import type { StoredEvent } from '#core/event/event.ts';
import {
  addCounters,
  bucketOf,
  type Counters,
  eventLabel,
  noCounters,
  type Settlement,
  sumCounters,
} from './counters.ts';
import { hourOf } from './hour.ts';

/** The endpoint or application that a roll-up is about. */
export type Subject =
  | { readonly kind: 'endpoint'; readonly endpointId: string }
  | { readonly kind: 'application'; readonly applicationId: string };

/** A roll-up: of the hour that begins at `span` (epoch milliseconds), or of all time. */
export interface RollupKey {
  readonly subject: Subject;
  readonly span: number | 'total';
}

/** The counters that a change of an item adds to a roll-up. */
export interface Contribution {
  readonly key: RollupKey;
  readonly counters: Counters;
}

/**
 * The contributions of a stored change of a delivery. An attempt counts in the hour in which it began, a settlement in the
 * hour in which it happened.
 *
 * @param before undefined for a new item
 */
export function contributionsOf(before: Delivery | undefined, after: Delivery): Contribution[] {
  const { endpointId, applicationId } = after;
  const hours = new Map<number, Counters>();
  const add = (time: number, counters: Counters) => {
    const hour = hourOf(time);
    hours.set(hour, addCounters(hours.get(hour) ?? noCounters, counters));
  };
  for (const attempt of newAttempts(before, after)) add(attempt.startedAt, ofAttempt(attempt));
  const settlement = newSettlement(before?.state, after.state);
  if (settlement) add(settlement.at, { ...noCounters, settled: { [settlement.as]: 1 } });
  if (hours.size === 0) return [];
  const endpoint: Subject = { kind: 'endpoint', endpointId };
  const application: Subject = { kind: 'application', applicationId };
  return [
    { key: { subject: endpoint, span: 'total' }, counters: sumCounters([...hours.values()]) },
    ...[...hours].flatMap(([hour, counters]) => [
      { key: { subject: endpoint, span: hour }, counters },
      { key: { subject: application, span: hour }, counters: withFailing(counters, endpointId) },
    ]),
  ];
}

function withFailing(counters: Counters, endpointId: string): Counters {
  const failures = counters.attempts - counters.successes;
  return failures === 0 ? counters : { ...counters, failing: { [endpointId]: failures } };
}

/** The contributions of an accepted event. Only the total of the application counts by type and source. */
export function eventContributions(
  event: Pick<StoredEvent, 'applicationId' | 'type' | 'source' | 'timestamp'>,
): Contribution[] {
  const subject: Subject = { kind: 'application', applicationId: event.applicationId };
  const label = eventLabel(event.type, event.source ?? '');
  const hour: Contribution = {
    key: { subject, span: hourOf(event.timestamp) },
    counters: { ...noCounters, events: 1 },
  };
  const total: Contribution = {
    key: { subject, span: 'total' },
    counters: { ...noCounters, events: 1, eventLabels: { [label]: 1 } },
  };
  return [hour, total];
}

// An item keeps only its last attempts, so that their number does not show which are new.
function newAttempts(before: Delivery | undefined, { attempts }: Delivery): readonly Attempt[] {
  const known = new Set(before?.attempts.map(identityOf));
  return attempts.filter((attempt) => !known.has(identityOf(attempt)));
}

const identityOf = ({ generation, number, startedAt }: Attempt): string =>
  `${generation} ${number} ${startedAt}`;

function ofAttempt({ number, success, duration, startedAt }: Attempt): Counters {
  const durations = noCounters.durations.with(bucketOf(duration), 1);
  return {
    ...noCounters,
    attempts: 1,
    successes: success ? 1 : 0,
    duration,
    durations,
    retries: number > 1 ? { [number]: 1 } : {},
    lastSuccessAt: success ? startedAt : undefined,
    lastFailureAt: success ? undefined : startedAt,
  };
}

function newSettlement(
  before: DeliveryState | undefined,
  after: DeliveryState,
): { readonly as: Settlement; readonly at: number } | undefined {
  if (!isSettled(after) || before?.status === after.status) return undefined;
  return { as: after.status === 'dead' ? after.reason : after.status, at: after.settledAt };
}
