import * as z from 'zod/mini';
import { described } from '#core/validation/view-schemas.ts';

export const nextCursorSchema = () =>
  described(z.nullable(z.string()), 'Pass it as cursor to get the next page; null on the last page.');

/** The answer of a list; see `readPage`. */
export const pageOf = (item: z.ZodMiniType) =>
  z.strictObject({ data: z.array(item), nextCursor: nextCursorSchema() });
