import * as z from 'zod/mini';
import { count, described, time } from '#core/validation/view-schemas.ts';

export const circuitViewSchema = z.strictObject({
  state: z.enum(['closed', 'open', 'half_open']),
  failures: described(count(), 'Consecutive failures.'),
  failingSince: z.optional(described(time(), 'The time of the first of these failures.')),
  openUntil: z.optional(
    described(time(), 'The earliest time of the next probe; only while it is not closed.'),
  ),
});
