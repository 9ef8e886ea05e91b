import * as z from 'zod/mini';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { notFound } from '#core/problem/problem.ts';
import { capabilities, defaultCapabilities, portalLife } from '#core/token/capability.ts';
import { hashToken, makeToken, tokenRandomBytes } from '#core/token/token.ts';
import { fields, oneOf, optional, text, whole } from '#core/validation/schemas.ts';
import { validate } from '#core/validation/validate.ts';
import type { Services } from '../services.ts';
import { tokenView } from '../views/token-view.ts';

const list = `an array of 1 to ${capabilities.length} of ${capabilities.join(', ')}`;

export const portalSchema = fields({
  name: optional(text(1, 200)),
  capabilities: optional(
    z.array(oneOf(capabilities), list).check(z.minLength(1, list), z.maxLength(capabilities.length, list)),
  ),
  expiresIn: optional(whole(portalLife.shortest, portalLife.longest, 'milliseconds')),
});

/**
 * Tokens for the browsers of an application's customers: short-lived, with capabilities instead of scopes. They are
 * listed and revoked like all tokens, and cannot create tokens.
 */
export function portalTokenRoutes({
  tokens,
  ids,
  randomBytes,
  now,
}: Pick<Services, 'tokens' | 'ids' | 'randomBytes' | 'now'>): ApiRoute[] {
  return [
    route({
      method: 'POST',
      path: '/api/applications/{applicationId}/portal-tokens',
      scope: 'admin',
      inApplication: false,
      async handle({ request, params: { applicationId }, caller }) {
        if (!caller.isOperator && caller.applicationId !== applicationId) {
          throw notFound('application', applicationId);
        }
        const value = request.body.content === '' ? {} : readJsonValue(request);
        const input = validate({ schema: portalSchema, value });
        const wanted = input.capabilities ?? defaultCapabilities;
        const createdAt = now();
        const record = {
          id: ids.token(),
          applicationId,
          name: input.name ?? 'portal',
          scopes: [],
          capabilities: capabilities.filter((capability) => wanted.includes(capability)),
          createdAt,
          expiresAt: createdAt + (input.expiresIn ?? portalLife.default),
        };
        const token = makeToken(randomBytes(tokenRandomBytes));
        await tokens.create(record, hashToken(token));
        return json(201, { ...tokenView(record), token });
      },
    }),
  ];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const portalTokenOperations = {
  'POST /api/applications/{applicationId}/portal-tokens': {
    id: 'createPortalToken',
    summary: 'Create a portal token',
    description:
      'A short-lived token for the browser of a customer, with capabilities instead of scopes. By default it can read and change endpoints, and read and retry deliveries, for an hour.',
    body: 'PortalTokenInput',
    isBodyOptional: true,
    answers: [
      { status: 201, description: 'The new token. Its text is shown only once.', schema: 'NewPortalToken' },
    ],
  },
} as const satisfies Operations;
