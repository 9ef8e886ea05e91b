import { deflateSync, inflateSync } from 'node:zlib';
import type { EventTypeRule } from '#core/event-type/event-type.ts';
import { decodeRule, encodeRule } from '#core/event-type/rule-codec.ts';
import type { Metadata, Route } from './route.ts';
import { decodeRoute, encodeRoute } from './route-codec.ts';
import type { Routes } from './routing-index.ts';

/** Most bytes of a piece, so that it fits into one table item (400 KB) with its keys. */
export const longestPiece = 350 * 1024;

const snapshotSchema = 2;

// Each piece names its snapshot, so that pieces of two snapshots are never combined.
const header = { schema: 0, index: 1, count: 5, version: 9, bytes: 17 } as const;

/**
 * Packs an application's routes as deflated JSON, in pieces of at most `longestPiece` bytes. Level 3 takes a third of the
 * time of the default level, for about a tenth more bytes.
 */
export function packRoutes(
  version: number,
  applicationMetadata: Metadata,
  routes: readonly Route[],
  eventTypes: readonly EventTypeRule[] = [],
): Uint8Array[] {
  const content = JSON.stringify([applicationMetadata, routes.map(encodeRoute), eventTypes.map(encodeRule)]);
  const packed = deflateSync(content, { level: 3 });
  const room = longestPiece - header.bytes;
  const count = Math.ceil(packed.length / room);
  return Array.from({ length: count }, (_, index) => {
    const content = packed.subarray(index * room, (index + 1) * room);
    const piece = Buffer.alloc(header.bytes + content.length);
    piece.writeUInt8(snapshotSchema, header.schema);
    piece.writeUInt32BE(index, header.index);
    piece.writeUInt32BE(count, header.count);
    piece.writeDoubleBE(version, header.version);
    content.copy(piece, header.bytes);
    return piece;
  });
}

/**
 * Puts the pieces of a snapshot, in any order, together.
 *
 * @throws Error when a piece is missing, belongs to another version, or was written by a later release: read the
 * snapshot again.
 */
export function unpackRoutes(pieces: readonly Uint8Array[]): Routes {
  const parts = pieces.map(readPiece).sort((left, right) => left.index - right.index);
  const [first] = parts;
  if (first === undefined) throw new Error('a routing snapshot has at least one piece; received none');
  if (
    parts.length !== first.count ||
    parts.some(
      (part, index) => part.index !== index || part.version !== first.version || part.count !== first.count,
    )
  ) {
    const received = parts.map((part) => `${part.index + 1}/${part.count} of version ${part.version}`);
    throw new Error(`pieces of one routing snapshot are needed, each once; received ${received.join(', ')}`);
  }
  const json: unknown = JSON.parse(inflateSync(Buffer.concat(parts.map((part) => part.content))).toString());
  const [applicationMetadata, routes, rules] = json as [Metadata, unknown[], unknown[]];
  return {
    version: first.version,
    applicationMetadata,
    routes: routes.map(decodeRoute),
    eventTypes: rules.map(decodeRule),
  };
}

function readPiece(bytes: Uint8Array) {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const schema = piece.length > header.bytes ? piece.readUInt8(header.schema) : 'none';
  if (schema !== snapshotSchema) {
    throw new Error(`a piece of a routing snapshot has schema ${snapshotSchema}; received ${schema}`);
  }
  return {
    index: piece.readUInt32BE(header.index),
    count: piece.readUInt32BE(header.count),
    version: piece.readDoubleBE(header.version),
    content: piece.subarray(header.bytes),
  };
}
