import * as z from 'zod/mini';
import { allApplications, scopes } from '../core/tenant/token.ts';
import { described, freeObject, id, time } from '../core/validation/view-schemas.ts';
import type { applicationView } from './routes/applications.ts';
import type { tokenView } from './routes/tokens.ts';

export const applicationViewSchema: z.ZodMiniType<ReturnType<typeof applicationView>> = z.strictObject({
  id: id('application'),
  name: z.string(),
  metadata: described(freeObject(), 'Your own; filters may refer to it.'),
  createdAt: time(),
  updatedAt: time(),
});

const token = {
  id: id('token'),
  applicationId: described(
    z.union([id('application'), z.literal(allApplications)]),
    "The application that it is for; * for an operator's token.",
  ),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: time(),
  expiresAt: z.optional(time()),
};

export const tokenViewSchema: z.ZodMiniType<ReturnType<typeof tokenView>> = z.strictObject(token);

export const newTokenViewSchema = z.strictObject({
  ...token,
  token: described(z.string(), 'Its text, shown this once: only its hash is kept.'),
});
