import * as z from 'zod/mini';
import { count, described, time } from '#core/validation/view-schemas.ts';

export const circuitViewSchema = z.strictObject({
  state: z.enum(['closed', 'open', 'half_open']),
  failures: described(count(), 'In a row.'),
  failingSince: z.optional(described(time(), 'Since when nothing but failures was seen.')),
  openUntil: z.optional(described(time(), 'Only while it is not closed: no probe before it.')),
});
