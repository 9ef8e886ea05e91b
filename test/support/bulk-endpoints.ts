import { randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { configAttributes } from '#adapters/dynamodb/endpoint/endpoint-item.ts';
import { stateAttributes } from '#adapters/dynamodb/endpoint/state-item.ts';
import { routeFor, routeHash, routeText } from '#adapters/dynamodb/routing-log/routing-change.ts';
import {
  endpointConfigKey,
  endpointStateKey,
  listedEndpointKey,
} from '#adapters/dynamodb/table/config-keys.ts';
import { itemVersion, type Key, toAttributes } from '#adapters/dynamodb/table/table.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { createIds } from '#core/id/ids.ts';
import { anEndpoint } from './config-fixtures.ts';

const requestsPerCall = 25;
const callsAtATime = 8;
const ids = createIds({ now: Date.now, randomBytes });

/**
 * Writes the items of these endpoints as their creation would, without the log of changes: a function that holds the
 * application's routes already does not learn of them, and a packed snapshot has them.
 */
export async function writeEndpoints(
  client: DynamoDBClient,
  tableName: string,
  count: number,
  given: (index: number) => Partial<Endpoint>,
): Promise<string[]> {
  const endpoints = Array.from({ length: count }, (_, n) => anEndpoint({ id: ids.endpoint(), ...given(n) }));
  await writeAll(client, tableName, endpoints.flatMap(itemsOf));
  return endpoints.map(({ id }) => id);
}

/** Only the items from which routes are built: fewer items, for tests with many routes. */
export async function writeRoutes(
  client: DynamoDBClient,
  tableName: string,
  count: number,
  given: (index: number) => Partial<Endpoint>,
): Promise<void> {
  const endpoints = Array.from({ length: count }, (_, n) => anEndpoint({ id: ids.endpoint(), ...given(n) }));
  await writeAll(
    client,
    tableName,
    endpoints.map((endpoint) => listedItem(endpoint)),
  );
}

function itemsOf(endpoint: Endpoint): Record<string, AttributeValue>[] {
  const { id, createdAt } = endpoint;
  const state = { status: 'active', since: createdAt } as const;
  const route = routeFor({ endpoint, state });
  return [
    item(
      endpointConfigKey(id),
      configAttributes({
        endpoint,
        credentials: { kind: 'plain', headers: endpoint.headers, secrets: endpoint.secrets },
        revision: 1,
        routed: routeHash(route),
      }),
    ),
    item(endpointStateKey(id), stateAttributes({ state, revision: 1 })),
    listedItem(endpoint),
  ];
}

function listedItem(endpoint: Endpoint): Record<string, AttributeValue> {
  const route = routeFor({ endpoint, state: { status: 'active', since: endpoint.createdAt } });
  const key = listedEndpointKey(endpoint.applicationId, endpoint.id);
  return item(key, { route: route && routeText(route) });
}

const item = (key: Key, attributes: object): Record<string, AttributeValue> =>
  toAttributes({ ...key, v: itemVersion, ...attributes });

/** Writes items, many at a time, again until the table has taken all. */
export async function writeAll(
  client: DynamoDBClient,
  tableName: string,
  items: readonly Record<string, AttributeValue>[],
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / requestsPerCall) }, (_, n) =>
    items.slice(n * requestsPerCall, (n + 1) * requestsPerCall),
  ).values();
  const writer = async () => {
    for (const batch of batches) {
      let left: WriteRequest[] = batch.map((Item) => ({ PutRequest: { Item } }));
      while (left.length > 0) {
        const { UnprocessedItems } = await client.send(
          new BatchWriteItemCommand({ RequestItems: { [tableName]: left } }),
        );
        left = UnprocessedItems?.[tableName] ?? [];
      }
    }
  };
  await Promise.all(Array.from({ length: callsAtATime }, writer));
}
