import * as z from 'zod/mini';
import type { RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';

// Most applications fit into one piece, so the head carries the first: that saves a read.
const headSchema = z.object({
  v: z.literal(itemVersion),
  version: z.number(),
  /** The number of all pieces, that of the head included. */
  pieces: z.number(),
  /** About how many bytes of memory its routes take. */
  heap: z.number(),
  piece: z.instanceof(Uint8Array),
});

const pieceSchema = z.object({ v: z.literal(itemVersion), piece: z.instanceof(Uint8Array) });

export interface SnapshotHead {
  readonly version: number;
  readonly pieces: number;
  readonly heap: number;
  readonly piece: Uint8Array;
}

export function headAttributes(version: number, pieces: readonly Uint8Array[], heap: number) {
  return { version, pieces: pieces.length, heap, piece: pieces[0] };
}

export function parseHead(item: RawItem): SnapshotHead {
  const { version, pieces, heap, piece } = z.parse(headSchema, item);
  return { version, pieces, heap, piece };
}

export const parsePiece = (item: RawItem): Uint8Array => z.parse(pieceSchema, item).piece;
