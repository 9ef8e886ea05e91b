import { setTimeout as sleep } from 'node:timers/promises';
import { parseApplication } from '#adapters/dynamodb/application/application-item.ts';
import { parseEventType } from '#adapters/dynamodb/event-type/event-type-item.ts';
import { readVersion, routeIn } from '#adapters/dynamodb/routing-log/routing-change.ts';
import { changesAfter } from '#adapters/dynamodb/routing-log/routing-log.ts';
import type { StandingVersion } from '#adapters/dynamodb/routing-log/version-item.ts';
import { applicationKey, applicationPartition, prefixes } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, queryAll } from '#adapters/dynamodb/table/config-table.ts';
import type { EventTypeRule } from '#core/event-type/event-type.ts';
import { NotFound } from '#core/problem/store-errors.ts';
import type { Route } from '#core/routing/route.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { readSnapshot } from './routing-snapshot.ts';

const rebuilds = 4;

/**
 * An application's routes: the packed snapshot and the changes after it. When the log does not reach back to the
 * snapshot, the endpoints' items and the changes since they were read.
 *
 * @param expect called with about how many bytes of memory the snapshot's routes take, before they are read
 * @throws NotFound when there is no such application
 */
export async function loadRouting(
  table: ConfigTable,
  applicationId: string,
  expect: (bytes: number) => void,
): Promise<RoutingIndex> {
  const standing = await readStanding(table, applicationId);
  const snapshot = await readSnapshot(table, applicationId, expect);
  if (snapshot !== undefined) {
    const index = new RoutingIndex(snapshot);
    if (await catchUp(table, applicationId, index, standing.version)) return index;
  }
  return rebuildRouting(table, applicationId);
}

/** The routes from the endpoints' items, which are authoritative: an error in a snapshot does not outlive this. */
export async function rebuildRouting(table: ConfigTable, applicationId: string): Promise<RoutingIndex> {
  for (let attempt = 1; ; attempt += 1) {
    const standing = await readStanding(table, applicationId);
    const index = await readItems(table, applicationId, baseOf(standing, table.now()));
    if (await catchUp(table, applicationId, index, standing.version)) return index;
    if (attempt === rebuilds) {
      throw new Error(
        `the routing log of application ${applicationId} does not lead to version ${standing.version} ` +
          `(read ${rebuilds} times)`,
      );
    }
    await sleep(table.random() * 25 * 2 ** attempt);
  }
}

async function readStanding(table: ConfigTable, applicationId: string): Promise<StandingVersion> {
  const standing = await readVersion(table, applicationId);
  if (standing === undefined) throw new NotFound(`there is no application ${JSON.stringify(applicationId)}`);
  return standing;
}

/** Applies the newest changes of the log. False when one is missing, so that they do not lead to `version`. */
async function catchUp(
  table: ConfigTable,
  applicationId: string,
  index: RoutingIndex,
  version: number,
): Promise<boolean> {
  // The index ignores changes after a gap.
  for (const change of await changesAfter(table, applicationId, index.version)) index.apply(change);
  return index.version >= version;
}

const recent = 60 * 60_000;

// A transaction is atomic, but its items become visible one by one: for a moment the new version is visible and the
// endpoint's item is not. So the newest change is taken from the log too. For an old change, which may have expired from
// the log, that moment is over.
const baseOf = ({ version, changedAt }: StandingVersion, now: number): number =>
  changedAt !== undefined && now - changedAt < recent ? version - 1 : version;

// Endpoints may change while they are read. Whichever of these changes the read saw, all changes after `version`, applied
// in their order, lead to the current routes.
async function readItems(table: ConfigTable, applicationId: string, version: number): Promise<RoutingIndex> {
  const application = await getItem(table, applicationKey(applicationId));
  const applicationMetadata =
    application === undefined ? {} : parseApplication(application).application.metadata;
  const routes: Route[] = [];
  const selection = { pk: applicationPartition(applicationId), prefix: prefixes.endpoint };
  for await (const items of queryAll(table, selection)) {
    routes.push(...items.map(routeIn).filter((route) => route !== undefined));
  }
  const eventTypes: EventTypeRule[] = [];
  for await (const items of queryAll(table, { ...selection, prefix: prefixes.eventType })) {
    eventTypes.push(...items.map((item) => parseEventType(item).rule).filter((rule) => rule !== undefined));
  }
  return new RoutingIndex({ version, applicationMetadata, routes, eventTypes });
}
