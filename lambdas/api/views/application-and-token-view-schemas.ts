import * as z from 'zod/mini';
import { capabilities } from '#core/token/capability.ts';
import { allApplications, scopes } from '#core/token/token.ts';
import { count, described, freeObject, id, time } from '#core/validation/view-schemas.ts';

export const applicationViewSchema = z.strictObject({
  id: id('application'),
  name: z.string(),
  metadata: described(freeObject(), 'Any JSON that you set; filters may refer to it.'),
  limits: described(
    z.strictObject({
      endpoints: count(),
      eventTypes: count(),
      eventsPerSecond: described(count(), 'Events that the application may post, over all its tokens.'),
      bytesPerDay: described(
        count(),
        'Bytes of the bodies in which it posts events, for each day (UTC), over all its tokens.',
      ),
    }),
    'Limits that an operator set, or those of the deployment.',
  ),
  createdAt: time(),
  updatedAt: time(),
});

/** The answer to a removal that continues after it. */
export const removalSchema = z.strictObject({ id: id('application'), status: z.literal('purging') });

const token = {
  id: id('token'),
  applicationId: described(
    z.union([id('application'), z.literal(allApplications)]),
    "The application of the token; * for an operator's token.",
  ),
  name: z.string(),
  rateLimit: z.optional(
    described(z.strictObject({ perSecond: count() }), 'Limits the events per second that it may post.'),
  ),
  createdAt: time(),
  expiresAt: z.optional(time()),
  lastUsedAt: z.optional(described(time(), 'Accurate to the hour.')),
};

const scoped = { ...token, scopes: z.array(z.enum(scopes)) };
const portal = {
  ...token,
  kind: z.literal('portal'),
  capabilities: described(
    z.array(z.enum(capabilities)),
    'What the token may do; portal tokens have no scopes.',
  ),
};
const shownOnce = {
  token: described(
    z.string(),
    'The text of the token. It is shown only once, because only its hash is stored.',
  ),
};

export const tokenViewSchema = z.union([z.strictObject(scoped), z.strictObject(portal)]);

export const newTokenViewSchema = z.strictObject({ ...scoped, ...shownOnce });

export const newPortalTokenViewSchema = z.strictObject({ ...portal, ...shownOnce });
