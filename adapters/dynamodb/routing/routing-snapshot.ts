import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  headAttributes,
  parseHead,
  parsePiece,
  type SnapshotHead,
} from '#adapters/dynamodb/routing-log/snapshot-item.ts';
import { deleteItems } from '#adapters/dynamodb/table/batch.ts';
import { conditionalPut } from '#adapters/dynamodb/table/conditional.ts';
import {
  applicationPartition,
  prefixes,
  routesKey,
  routesPieceKey,
} from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, getItems, queryAll } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion, type Key, toAttributes } from '#adapters/dynamodb/table/table.ts';
import type { Routes, RoutingIndex } from '#core/routing/routing-index.ts';
import { packRoutes, unpackRoutes } from '#core/routing/snapshot.ts';

export async function readHead(table: ConfigTable, applicationId: string): Promise<SnapshotHead | undefined> {
  const item = await getItem(table, routesKey(applicationId));
  return item && parseHead(item);
}

const looks = 2;

/**
 * The standing snapshot. Undefined when it cannot be put together: then the routes are rebuilt from the items.
 *
 * @param expect called with about how many bytes of memory its routes take, before they are read
 */
export async function readSnapshot(
  table: ConfigTable,
  applicationId: string,
  expect: (bytes: number) => void,
): Promise<Routes | undefined> {
  // A newer snapshot may delete the pieces of this one between two reads: then read once more.
  for (let look = 1; look <= looks; look += 1) {
    const head = await readHead(table, applicationId);
    if (head === undefined) return undefined;
    expect(head.heap);
    const rest = restKeys(applicationId, head.version, head.pieces);
    const items = await getItems(table, rest);
    if (items.length === rest.length) return unpack([head.piece, ...items.map(parsePiece)]);
  }
  return undefined;
}

function unpack(pieces: readonly Uint8Array[]): Routes | undefined {
  try {
    return unpackRoutes(pieces);
  } catch {
    // A later release wrote it in another form. The endpoints' items hold the same routes.
    return undefined;
  }
}

/**
 * Replaces the standing snapshot: writes the pieces, then the head that names them, and then deletes older pieces.
 *
 *     packer A   pieces of v=7 ─────────────────────── head v=7 if older ✗: v=8 stands, deletes its pieces
 *     packer B                 pieces of v=8 ── head v=8 if older ✓
 *
 * @returns false when the application is gone, or has a snapshot of this version or a later one
 */
export async function writeSnapshot(
  table: ConfigTable,
  applicationId: string,
  { routes, bytes }: Pick<RoutingIndex, 'routes' | 'bytes'>,
): Promise<boolean> {
  const { version, applicationMetadata, eventTypes } = routes;
  const pieces = packRoutes(version, applicationMetadata, routes.routes, eventTypes);
  const rest = restKeys(applicationId, version, pieces.length);
  for (const [index, key] of rest.entries()) {
    const attributes = { ...key, v: itemVersion, piece: pieces[index + 1] };
    await table.client.send(
      new PutItemCommand({ TableName: table.tableName, Item: toAttributes(attributes) }),
    );
  }
  const head = { ...routesKey(applicationId), v: itemVersion, ...headAttributes(version, pieces, bytes) };
  // The condition keeps an older snapshot from replacing a newer one, and a removed application from coming back.
  const outcome = await conditionalPut(table, toAttributes(head), {
    ConditionExpression: '#version < :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: toAttributes({ ':version': version }),
  });
  if (!outcome.applied) {
    // Another run may have packed the same version. Then these are its pieces too.
    if (outcome.standing?.version?.N !== String(version)) await deleteItems(table, rest);
    return false;
  }
  await deleteItems(table, await olderPieces(table, applicationId, version));
  return true;
}

async function olderPieces(table: ConfigTable, applicationId: string, version: number): Promise<Key[]> {
  const pk = applicationPartition(applicationId);
  const own = routesPieceKey(applicationId, version, 0).sk;
  const older: Key[] = [];
  for await (const items of queryAll(table, { pk, prefix: prefixes.routesPiece })) {
    older.push(...items.map((item) => ({ pk, sk: String(item.sk) })).filter((key) => key.sk < own));
  }
  return older;
}

/** Where the pieces after the first lie. */
const restKeys = (applicationId: string, version: number, pieces: number): Key[] =>
  Array.from({ length: pieces - 1 }, (_, index) => routesPieceKey(applicationId, version, index + 1));
