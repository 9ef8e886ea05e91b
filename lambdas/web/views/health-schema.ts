import * as z from 'zod/mini';
import { time } from '#core/validation/view-schemas.ts';

export const healthSchema = z.strictObject({
  status: z.enum(['healthy', 'unhealthy']),
  version: z.string(),
  timestamp: time(),
});
