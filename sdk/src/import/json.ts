import { Hook0Error } from '../errors.ts';

export type Json = Readonly<Record<string, unknown>>;

/** The export does not have the form of that system's answers. */
export class ExportError extends Hook0Error {
  override readonly name = 'ExportError';
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** Some systems write numbers as strings, and 0 for "not set". */
export function positive(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : undefined;
}

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((one) => textOf(one) ?? []) : [];

export const entriesOf = (value: unknown): [string, unknown][] =>
  isJson(value) ? Object.entries(value) : [];

/**
 * The items of a list: `[…]`, `{"data": […]}`, `{"data": {"content": […]}}`, or several such pages in an array. The items
 * are not checked here, so that one invalid item does not prevent the import of the others.
 *
 * @throws ExportError, also when the last page says that more follow, because then endpoints would be missing
 */
export function items(value: unknown, where: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return pageItems(value, where, true);
  return value.flatMap((item, index) =>
    isPage(item) ? pageItems(item, `${where}[${index}]`, index === value.length - 1) : [item],
  );
}

function pageItems(page: unknown, where: string, isLast: boolean): unknown[] {
  if (Array.isArray(page)) return page;
  if (!isPage(page)) throw notAList(where);
  if (isLast && hasMore(page)) {
    throw new ExportError(
      `${where}: the last page says that more follow; export all pages, for example with hook0 export`,
    );
  }
  return pageItems(page.data ?? page.content, where, isLast);
}

/** Names the kind of a value, without the value itself, because it may be secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object that lacks one of them' : `a ${typeof value}`;
}

const isPage = (value: unknown): value is Json =>
  isJson(value) && (Array.isArray(value.data) || isJson(value.data) || Array.isArray(value.content));

/** Svix says `done`, and Convoy `has_next_page`. */
const hasMore = (page: Json): boolean =>
  page.done === false || (isJson(page.pagination) && page.pagination.has_next_page === true);

const notAList = (where: string): ExportError =>
  new ExportError(`${where}: expected a list such as […] or {"data": […]}`);
