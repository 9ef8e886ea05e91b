import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import {
  changeKey,
  routesAttentionKey,
  versionCopies,
  versionKey,
  versionKeys,
} from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, type RawItem } from '#adapters/dynamodb/table/config-table.ts';
import type { Step } from '#adapters/dynamodb/table/step.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import type { EventTypeRule } from '#core/event-type/event-type.ts';
import { type Metadata, type Route, type RouteChange, routeOf } from '#core/routing/route.ts';
import { decodeRoute, encodeChange, encodeRoute } from '#core/routing/route-codec.ts';
import { parseVersion, type StandingVersion } from './version-item.ts';

/** A change without its version. */
export type Change =
  | { readonly kind: 'endpoint'; readonly route: Route }
  | { readonly kind: 'endpointRemoved'; readonly endpointId: string }
  | { readonly kind: 'application'; readonly metadata: Metadata }
  | { readonly kind: 'eventType'; readonly rule: EventTypeRule }
  | { readonly kind: 'eventTypeRemoved'; readonly name: string };

// A function that was away for longer rebuilds the routes from the endpoints' items.
const changeLifetime = 7 * 24 * 60 * 60_000;

/** The current routing version; undefined when there is no such application. */
export async function readVersion(
  table: ConfigTable,
  applicationId: string,
): Promise<StandingVersion | undefined> {
  // All copies are equal, because a transaction changes all of them. A random one spreads the reads over eight partitions.
  const copy = Math.floor(table.random() * versionCopies);
  const item = await getItem(table, versionKey(applicationId, copy));
  return item === undefined ? undefined : parseVersion(item);
}

/**
 * The steps that move an application's routing from `version` to the next: all copies of the version, the log, and the
 * entry for the scheduler, which packs. Their condition also ensures that the application exists.
 */
export function routingSteps(applicationId: string, version: number, change: Change, now: number): Step[] {
  const next = version + 1;
  const logged: RouteChange = { version: next, ...change };
  return [
    ...versionKeys(applicationId).map(
      (key): Step => ({
        kind: 'update',
        key,
        set: { version: next, changedAt: now },
        condition: { equal: { version } },
      }),
    ),
    {
      kind: 'put',
      key: changeKey(applicationId, next),
      attributes: {
        change: JSON.stringify(encodeChange(logged)),
        ttl: Math.ceil((now + changeLifetime) / 1_000),
      },
    },
    {
      kind: 'update',
      key: routesAttentionKey(applicationId),
      set: { v: itemVersion, kind: 'routes', applicationId, version: next },
      first: { since: now },
      add: { changes: 1 },
    },
  ];
}

/** The route of an endpoint; none while it is disabled. */
export function routeFor({ endpoint, state }: OutlineRecord): Route | undefined {
  return state.status === 'disabled' ? undefined : routeOf(endpoint);
}

export const routeText = (route: Route): string => JSON.stringify(encodeRoute(route));

const listedSchema = z.object({ v: z.literal(itemVersion), route: z.optional(z.string()) });

/** The route that the list's item of an endpoint holds; none while it is disabled. */
export function routeIn(item: RawItem): Route | undefined {
  const { route } = z.parse(listedSchema, item);
  return route === undefined ? undefined : decodeRoute(JSON.parse(route));
}

/** Shows whether the log needs a change, without a read of the current route. */
export const routeHash = (route: Route | undefined): string | undefined =>
  route === undefined ? undefined : createHash('sha256').update(routeText(route)).digest('base64url');
