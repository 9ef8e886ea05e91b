import * as z from 'zod/mini';
import { capabilities } from '#core/token/capability.ts';
import { allApplications, scopes } from '#core/token/token.ts';
import { count, described, freeObject, id, time } from '#core/validation/view-schemas.ts';

export const applicationViewSchema = z.strictObject({
  id: id('application'),
  name: z.string(),
  metadata: described(freeObject(), 'Your own; filters may refer to it.'),
  limits: described(
    z.strictObject({ endpoints: count(), eventTypes: count() }),
    "How many of each it may have: its own where an operator gave it some, or else the deployment's.",
  ),
  createdAt: time(),
  updatedAt: time(),
});

/** The answer to a removal that goes on behind it. */
export const removalSchema = z.strictObject({ id: id('application'), status: z.literal('purging') });

const token = {
  id: id('token'),
  applicationId: described(
    z.union([id('application'), z.literal(allApplications)]),
    "The application that it is for; * for an operator's token.",
  ),
  name: z.string(),
  rateLimit: z.optional(
    described(z.strictObject({ perSecond: count() }), 'Events a second that it may post.'),
  ),
  createdAt: time(),
  expiresAt: z.optional(time()),
  lastUsedAt: z.optional(described(time(), 'To the hour.')),
};

const scoped = { ...token, scopes: z.array(z.enum(scopes)) };
const portal = {
  ...token,
  kind: z.literal('portal'),
  capabilities: described(z.array(z.enum(capabilities)), 'In the place of scopes.'),
};
const shownOnce = { token: described(z.string(), 'Its text, shown this once: only its hash is kept.') };

export const tokenViewSchema = z.union([z.strictObject(scoped), z.strictObject(portal)]);

export const newTokenViewSchema = z.strictObject({ ...scoped, ...shownOnce });

export const newPortalTokenViewSchema = z.strictObject({ ...portal, ...shownOnce });
