import * as z from 'zod/mini';
import { count, described, time } from '#core/validation/view-schemas.ts';

export const circuitViewSchema = z.strictObject({
  state: z.enum(['closed', 'open', 'half_open']),
  failures: described(count(), 'Different deliveries that failed since the endpoint was last alive.'),
  failingSince: z.optional(described(time(), 'When the first of these attempts began.')),
  openUntil: z.optional(
    described(time(), 'The earliest time of the next probe; only while it is not closed.'),
  ),
});
