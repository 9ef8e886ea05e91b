import { isDeepStrictEqual } from 'node:util';
import { countSteps } from '#adapters/dynamodb/application/quota.ts';
import { readVersion, routingSteps } from '#adapters/dynamodb/routing-log/routing-change.ts';
import { eventTypeKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import type { Step, WriteCondition } from '#adapters/dynamodb/table/step.ts';
import type { Plan } from '#adapters/dynamodb/table/transaction.ts';
import type { Bounds } from '#core/application/limits.ts';
import { type EventType, type EventTypeRule, ruleOf } from '#core/event-type/event-type.ts';
import { AlreadyExists, NotFound } from '#core/problem/store-errors.ts';
import { type EventTypeItem, eventTypeAttributes } from './event-type-item.ts';

/** A new type: its item, and a change of the routing if ingest needs a rule for it. */
export async function planTypeCreation(
  table: ConfigTable,
  eventType: EventType,
  bounds: Bounds,
): Promise<Plan<void>> {
  const { applicationId } = eventType;
  // The condition of the count also ensures that the application exists. Both reads at the same time, as for endpoints.
  const [standing, counts] = await Promise.all([
    readVersion(table, applicationId),
    countSteps(table, applicationId, { eventTypes: 1 }, bounds),
  ]);
  if (standing === undefined || counts === undefined)
    throw new NotFound(`there is no application ${JSON.stringify(applicationId)}`);
  const { version } = standing;
  const schemaVersion = eventType.schema === undefined ? undefined : version + 1;
  const item: Step = {
    ...putType(eventType, 1, schemaVersion, 'missing'),
    refusal: () => new AlreadyExists(`event type ${eventType.name} already exists`),
  };
  const rule = ruleOf(eventType, schemaVersion);
  const routing =
    rule === undefined ? [] : routingSteps(applicationId, version, { kind: 'eventType', rule }, table.now());
  return { kind: 'write', steps: [item, ...routing, ...counts.steps], result: undefined };
}

export async function planTypeUpdate(
  table: ConfigTable,
  standing: EventTypeItem,
  change: (eventType: EventType) => EventType,
): Promise<Plan<EventType | undefined>> {
  const before = standing.eventType;
  const { applicationId, name } = before;
  const after: EventType = { ...change(before), applicationId, name };
  if (isDeepStrictEqual({ ...before, updatedAt: 0 }, { ...after, updatedAt: 0 })) {
    return { kind: 'done', result: before };
  }
  const routing = await readVersion(table, applicationId);
  // The application was removed, and this type with it, since the type was read.
  if (routing === undefined) return { kind: 'done', result: undefined };
  const isNewSchema = after.schema !== before.schema;
  const schemaVersion =
    after.schema === undefined ? undefined : isNewSchema ? routing.version + 1 : standing.schemaVersion;
  const rule = ruleOf(after, schemaVersion);
  const steps = [
    putType(after, standing.revision + 1, schemaVersion, { equal: { revision: standing.revision } }),
    ...(isDeepStrictEqual(rule, standing.rule)
      ? []
      : routingSteps(applicationId, routing.version, changeOf(name, rule), table.now())),
  ];
  return { kind: 'write', steps, result: after };
}

export async function planTypeRemoval(
  table: ConfigTable,
  standing: EventTypeItem,
  bounds: Bounds,
): Promise<Plan<boolean>> {
  const { applicationId, name } = standing.eventType;
  const item: Step = {
    kind: 'delete',
    key: eventTypeKey(applicationId, name),
    condition: { equal: { revision: standing.revision } },
  };
  const [routing, counts] = await Promise.all([
    readVersion(table, applicationId),
    countSteps(table, applicationId, { eventTypes: -1 }, bounds),
  ]);
  const counting = counts?.steps ?? [];
  if (standing.rule === undefined) return { kind: 'write', steps: [item, ...counting], result: true };
  if (routing === undefined) return { kind: 'done', result: false };
  const steps = routingSteps(applicationId, routing.version, changeOf(name, undefined), table.now());
  return { kind: 'write', steps: [item, ...steps, ...counting], result: true };
}

const changeOf = (name: string, rule: EventTypeRule | undefined) =>
  rule === undefined ? ({ kind: 'eventTypeRemoved', name } as const) : ({ kind: 'eventType', rule } as const);

const putType = (
  eventType: EventType,
  revision: number,
  schemaVersion: number | undefined,
  condition: WriteCondition,
): Step => ({
  kind: 'put',
  key: eventTypeKey(eventType.applicationId, eventType.name),
  attributes: eventTypeAttributes(eventType, revision, schemaVersion),
  condition,
});
