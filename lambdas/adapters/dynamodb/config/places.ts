import { type Limited, type Limits, limitsOf } from '../../../core/tenant/limits.ts';
import { LimitReached, NotFound } from '../../../core/tenant/store-errors.ts';
import { parseApplication } from './application-item.ts';
import { applicationKey, applicationPartition, prefixes } from './keys.ts';
import type { Step } from './step.ts';
import { type ConfigTable, getItem, queryAll } from './table.ts';

const listed: Readonly<Record<Limited, string>> = {
  endpoints: prefixes.endpoint,
  eventTypes: prefixes.eventType,
};

/**
 * The step that counts one more of what an application has. It belongs into the transaction that creates the thing:
 * its condition lets exactly as many creations through as there are places, however many come at once.
 *
 * @param guarded - the reading of what else guards that transaction (the routing version). The application of an
 *   older deployment has no count yet, and what is counted here must not be older than that.
 * @throws LimitReached when every place is taken
 * @throws NotFound when there is no such application
 */
export async function takePlace(
  table: ConfigTable,
  applicationId: string,
  kind: Limited,
  defaults: Limits,
  guarded: Promise<unknown>,
): Promise<Step> {
  const found = await read(table, applicationId);
  if (found === undefined) throw new NotFound(`there is no application ${JSON.stringify(applicationId)}`);
  const counted = found.counts[kind];
  const standing = counted ?? (await count(table, applicationId, kind, guarded));
  const limit = limitsOf(found.application, defaults)[kind];
  if (standing >= limit) throw new LimitReached(kind, limit, standing);
  return countStep(applicationId, kind, counted, standing + 1);
}

/** The step that gives a place back, for the transaction that deletes the thing; none when the application is gone. */
export async function givePlaceBack(
  table: ConfigTable,
  applicationId: string,
  kind: Limited,
  guarded: Promise<unknown>,
): Promise<Step[]> {
  const found = await read(table, applicationId);
  if (found === undefined) return [];
  const counted = found.counts[kind];
  const standing = counted ?? (await count(table, applicationId, kind, guarded));
  return [countStep(applicationId, kind, counted, Math.max(0, standing - 1))];
}

async function read(table: ConfigTable, applicationId: string) {
  const item = await getItem(table, applicationKey(applicationId), { consistent: true });
  const found = item && parseApplication(item);
  return found?.removing ? undefined : found;
}

async function count(
  table: ConfigTable,
  applicationId: string,
  kind: Limited,
  guarded: Promise<unknown>,
): Promise<number> {
  await guarded;
  const selection = { pk: applicationPartition(applicationId), prefix: listed[kind], consistent: true };
  let total = 0;
  for await (const items of queryAll(table, selection)) total += items.length;
  return total;
}

const countAttributes = { endpoints: 'endpointCount', eventTypes: 'eventTypeCount' } as const;

const countStep = (id: string, kind: Limited, before: number | undefined, after: number): Step => ({
  kind: 'update',
  key: applicationKey(id),
  set: { [countAttributes[kind]]: after },
  condition: { equal: { [countAttributes[kind]]: before, id, removing: undefined } },
});
