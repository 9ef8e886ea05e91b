import * as z from 'zod/mini';
import { described } from '#core/validation/view-schemas.ts';

export const nextCursorSchema = () =>
  described(z.nullable(z.string()), 'Where the next page begins; null at the end.');

/** What a list answers; see `readPage`. */
export const pageOf = (item: z.ZodMiniType) =>
  z.strictObject({ data: z.array(item), nextCursor: nextCursorSchema() });
