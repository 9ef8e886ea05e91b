import type { Page, PageRequest } from '#core/page/page.ts';
import { decodeCursor, encodeCursor, invalidCursor } from './cursor.ts';
import { type Query, textParameter, wholeParameter } from './query.ts';
import { type HttpResponse, json } from './response.ts';

const defaultLimit = 20;
const largestLimit = 100;

const limitParameter = wholeParameter({
  name: 'limit',
  description: 'How many to answer with at most; a page may be shorter and still have a cursor.',
  most: largestLimit,
  default: defaultLimit,
});

const cursorParameter = textParameter(
  'cursor',
  'The nextCursor of the page before, with the same path and filters.',
);

/** The query parameters of every list. */
export const pageParameters = [limitParameter, cursorParameter] as const;

// A function may answer 6 MB, quoted once more as a JSON string on its way, and an event's payload goes along.
const largestPage = 3 * 1024 * 1024;

/** A page as it is answered; `nextCursor` is null at the end. */
export interface PageView {
  readonly data: readonly unknown[];
  readonly nextCursor: string | null;
}

/**
 * Reads the page that a query asks for. Views that are undefined are left out.
 *
 * A page too large for one answer is read again with half the limit, so that its cursor still fits its end.
 *
 * @param list - what the list is; binds the cursor to it.
 * @throws Problem: invalid_query, invalid_cursor
 */
export async function readPage<T>(
  list: readonly unknown[],
  query: Query,
  read: (page: PageRequest) => Promise<Page<T>>,
  view: (item: T) => unknown,
): Promise<PageView> {
  const after = query.cursor === undefined ? undefined : decodeCursor(list, query.cursor);
  for (let limit = limitParameter.read(query); ; limit = Math.ceil(limit / 2)) {
    const { items, next } = await positioned(() => read({ limit, after }));
    const data = items.map(view).filter((item) => item !== undefined);
    const isSmall = limit === 1 || Buffer.byteLength(JSON.stringify(data)) <= largestPage;
    if (isSmall) return { data, nextCursor: next === undefined ? null : encodeCursor(list, next) };
  }
}

/** Reads a page and answers `{data, nextCursor}`; see `readPage`. */
export async function pageResponse<T>(...page: Parameters<typeof readPage<T>>): Promise<HttpResponse> {
  return json(200, await readPage(...page));
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
