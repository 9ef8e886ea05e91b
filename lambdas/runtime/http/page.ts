import { decodeCursor, encodeCursor, invalidCursor } from './cursor.ts';
import { type HttpResponse, jsonText } from './response.ts';
import { type Query, queryProblem, quoted } from './query.ts';

/** What stores answer: items and the position after them, absent at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly after?: string;
}

/** The query parameters of every list. */
export const pageParameters = ['limit', 'cursor'] as const;

const defaultLimit = 20;
const largestLimit = 100;

// A function may answer 6 MB, and bytes above ASCII or quoting may still be added on the way.
const largestAnswer = 4 * 1024 * 1024;

/** `limit` 1 to 100, by default 20. */
export function readLimit(query: Query): number {
  const { limit } = query;
  if (limit === undefined) return defaultLimit;
  const value = Number(limit);
  if (!/^\d{1,3}$/.test(limit) || value < 1 || value > largestLimit) {
    throw queryProblem('limit', quoted(limit), `a whole number of 1 to ${largestLimit}`);
  }
  return value;
}

/**
 * Reads one page and answers `{data, nextCursor}`; `nextCursor` is null at the end.
 *
 * A page too large for one answer is read again with half the limit, so that its cursor still fits its end.
 *
 * @param list - what the list is; binds the cursor to it.
 */
export async function pageResponse<T>(
  list: readonly unknown[],
  query: Query,
  read: (page: PageRequest) => Promise<Page<T>>,
  view: (item: T) => unknown,
): Promise<HttpResponse> {
  const after = query.cursor === undefined ? {} : { after: decodeCursor(list, query.cursor) };
  for (let limit = readLimit(query); ; limit = Math.ceil(limit / 2)) {
    const { items, next } = await positioned(() => read({ limit, ...after }));
    const nextCursor = next === undefined ? null : encodeCursor(list, next);
    const text = JSON.stringify({ data: items.map(view), nextCursor });
    if (limit === 1 || Buffer.byteLength(text) <= largestAnswer) return jsonText(200, text);
  }
}

// Stores judge a position by its form: one that a caller forged is the caller's mistake.
async function positioned<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RangeError) throw invalidCursor('the cursor holds no position of this list');
    throw error;
  }
}
