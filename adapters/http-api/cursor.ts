import { createHash } from 'node:crypto';
import { Problem } from '#core/problem/problem.ts';

const formatVersion = 1;
// Positions consist of ids. A longer text is forged, and could be too long for a key of the table.
const sane = /^[\x21-\x7e]{1,256}$/;

/**
 * Writes a position in a list as an opaque cursor.
 *
 * @param list - what identifies the list: route, application and filters. The cursor is valid for this list only.
 */
export function encodeCursor(list: readonly unknown[], position: string): string {
  return Buffer.from(JSON.stringify([formatVersion, digest(list), position])).toString('base64url');
}

/** @throws Problem `invalid_cursor` for a text that `encodeCursor` did not write for this list */
export function decodeCursor(list: readonly unknown[], cursor: string): string {
  const parts = parse(cursor);
  if (Array.isArray(parts) && parts.length === 3) {
    const [version, of, position] = parts;
    if (version === formatVersion && typeof position === 'string' && sane.test(position)) {
      if (of === digest(list)) return position;
      throw invalidCursor('the cursor belongs to another list');
    }
  }
  throw invalidCursor('the cursor was not made by this API');
}

export function invalidCursor(reason: string): Problem {
  const accepted = 'the nextCursor of the previous page, with the same path and filters';
  return new Problem('invalid_cursor', {
    detail: `cursor: ${reason}; accepted: ${accepted}`,
    field: 'cursor',
    accepted,
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function digest(list: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 16);
}
