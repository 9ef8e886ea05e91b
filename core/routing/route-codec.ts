import { type Priority, priorities } from '#core/event/event.ts';
import { decodeRule, type EncodedRule, encodeRule } from '#core/event-type/rule-codec.ts';
import type { Filter } from '#core/filter/filter.ts';
import type { Metadata, Route, RouteChange } from './route.ts';

const routeSchema = 1;

/** A route as JSON: schema version, endpoint id, patterns, then priority, filters, their cost and metadata if it has them. */
type EncodedRoute = readonly [
  schema: number,
  endpointId: string,
  patterns: readonly string[],
  priority?: Priority | null,
  filters?: Filter | null,
  cost?: EncodedCost | null,
  metadata?: Metadata,
];

type EncodedCost = readonly [fixed: number, perCharacter: number, preparation: number];

/** A tuple and not an object, so that 100,000 routes repeat no names. */
export function encodeRoute({
  endpointId,
  patterns,
  priority,
  filters,
  cost,
  metadata,
}: Route): EncodedRoute {
  const named = [routeSchema, endpointId, patterns] as const;
  const filtered = [...named, priority ?? null, filters ?? null] as const;
  const encodedCost = cost && ([cost.fixed, cost.perCharacter, cost.preparation] as const);
  if (metadata) return [...filtered, encodedCost ?? null, metadata];
  if (encodedCost) return [...filtered, encodedCost];
  if (filters) return filtered;
  return priority ? [...named, priority] : named;
}

/** @throws Error when this release does not know the schema or the value is not an encoded route. */
export function decodeRoute(encoded: unknown): Route {
  if (!isEncodedRoute(encoded)) {
    const received = JSON.stringify(encoded)?.slice(0, 100);
    throw new Error(
      `not a route of schema ${routeSchema}: ${received}; write the endpoint again with this release`,
    );
  }
  const [, endpointId, patterns, priority, filters, cost, metadata] = encoded;
  return {
    endpointId,
    patterns,
    ...(priority && { priority }),
    ...(filters && { filters }),
    ...(cost && { cost: { fixed: cost[0], perCharacter: cost[1], preparation: cost[2] } }),
    ...(metadata && { metadata }),
  };
}

// Checks the outer form only, because the content was validated before it was stored, and an application may have
// 100,000 routes to decode.
function isEncodedRoute(value: unknown): value is EncodedRoute {
  if (!Array.isArray(value)) return false;
  const [schema, endpointId, patterns, priority, filters, cost, metadata] = value;
  return (
    schema === routeSchema &&
    typeof endpointId === 'string' &&
    Array.isArray(patterns) &&
    (priority === undefined || priority === null || priorities.includes(priority)) &&
    (filters === undefined || filters === null || Array.isArray(filters.conditions)) &&
    (cost === undefined || cost === null || Array.isArray(cost)) &&
    (metadata === undefined || isObject(metadata))
  );
}

/** A change as JSON, for the log of changes. */
type EncodedChange =
  | readonly [version: number, kind: 'endpoint', route: EncodedRoute]
  | readonly [version: number, kind: 'endpointRemoved', endpointId: string]
  | readonly [version: number, kind: 'application', metadata: Metadata]
  | readonly [version: number, kind: 'eventType', rule: EncodedRule]
  | readonly [version: number, kind: 'eventTypeRemoved', name: string];

export function encodeChange(change: RouteChange): EncodedChange {
  switch (change.kind) {
    case 'endpoint':
      return [change.version, change.kind, encodeRoute(change.route)];
    case 'endpointRemoved':
      return [change.version, change.kind, change.endpointId];
    case 'application':
      return [change.version, change.kind, change.metadata];
    case 'eventType':
      return [change.version, change.kind, encodeRule(change.rule)];
    case 'eventTypeRemoved':
      return [change.version, change.kind, change.name];
  }
}

/** @throws Error when this release does not know the change. */
export function decodeChange(encoded: unknown): RouteChange {
  const [version, kind, content] = Array.isArray(encoded) ? encoded : [];
  if (typeof version === 'number') {
    if (kind === 'endpoint') return { version, kind, route: decodeRoute(content) };
    if (kind === 'endpointRemoved' && typeof content === 'string')
      return { version, kind, endpointId: content };
    if (kind === 'application' && isObject(content)) return { version, kind, metadata: content };
    if (kind === 'eventType') return { version, kind, rule: decodeRule(content) };
    if (kind === 'eventTypeRemoved' && typeof content === 'string') return { version, kind, name: content };
  }
  throw new Error(
    `not a routing change: ${JSON.stringify(encoded)?.slice(0, 100)}; deploy the release that wrote it`,
  );
}

const isObject = (value: unknown): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** About how many bytes a route takes as JSON; exact for ASCII. Bounds items and batches. */
export const encodedSize = (route: Route): number => JSON.stringify(encodeRoute(route)).length;
