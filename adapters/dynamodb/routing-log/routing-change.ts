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
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
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

// Whoever was away longer rebuilds from the endpoints' items.
const changeLifetime = 7 * 24 * 60 * 60_000;

/** The routing version that stands; undefined when there is no such application. */
export async function readVersion(
  table: ConfigTable,
  applicationId: string,
): Promise<StandingVersion | undefined> {
  // Any copy tells: a transaction moves all of them. A random one, so that eight partitions share the reads.
  const copy = Math.floor(table.random() * versionCopies);
  const item = await getItem(table, versionKey(applicationId, copy), { consistent: true });
  return item === undefined ? undefined : parseVersion(item);
}

/**
 * The steps that move an application's routing from `version` to the next: all copies of the version, the log,
 * and a note for whoever packs. Their condition also says that the application exists.
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

/** How an endpoint is routed: not at all while it is disabled. */
export function routeFor({ endpoint, state }: EndpointRecord): Route | undefined {
  return state.status === 'disabled' ? undefined : routeOf(endpoint);
}

export const routeText = (route: Route): string => JSON.stringify(encodeRoute(route));

const listedSchema = z.object({ v: z.literal(itemVersion), route: z.optional(z.string()) });

/** The route that the list's item of an endpoint holds; none while it is disabled. */
export function routeIn(item: RawItem): Route | undefined {
  const { route } = z.parse(listedSchema, item);
  return route === undefined ? undefined : decodeRoute(JSON.parse(route));
}

/** Tells whether the log needs a change, without reading the route that stands. */
export const routeHash = (route: Route | undefined): string | undefined =>
  route === undefined ? undefined : createHash('sha256').update(routeText(route)).digest('base64url');
