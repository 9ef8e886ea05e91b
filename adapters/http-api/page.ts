import type { Page, PageRequest } from '#core/page/page.ts';
import { decodeCursor, encodeCursor, invalidCursor } from './cursor.ts';
import { type Query, textParameter, wholeParameter } from './query.ts';
import { type HttpResponse, json } from './response.ts';

const defaultLimit = 20;
const largestLimit = 100;

const limitParameter = wholeParameter({
  name: 'limit',
  description: 'Maximum number of items. A page may have fewer items and still have a nextCursor.',
  most: largestLimit,
  default: defaultLimit,
});

const cursorParameter = textParameter(
  'cursor',
  'The nextCursor of the previous page, with the same path and filters.',
);

/** The query parameters of every list. */
export const pageParameters = [limitParameter, cursorParameter] as const;

// A function may answer 6 MB. Lambda quotes the answer as a JSON string, and the answer may also hold a payload.
const largestPage = 3 * 1024 * 1024;

/** A page as the API answers it; `nextCursor` is null on the last page. */
export interface PageView {
  readonly data: readonly unknown[];
  readonly nextCursor: string | null;
}

/**
 * Reads the page that a query asks for. It leaves out views that are undefined.
 *
 * A page that is too large for one answer is read again with half the limit, so that its cursor is the position after its
 * last item.
 *
 * @param list - what identifies the list; the cursor is valid for this list only.
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

// Stores throw a RangeError for a position that is not one of theirs, which means that the caller forged the cursor.
async function positioned<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RangeError) throw invalidCursor('the cursor is not a position in this list');
    throw error;
  }
}
