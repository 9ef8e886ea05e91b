import * as z from 'zod/mini';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import { json } from '#adapters/http-api/response.ts';
import { notFound } from '#core/problem/problem.ts';
import { capabilities, defaultCapabilities, portalLife } from '#core/token/capability.ts';
import { hashToken } from '#core/token/token.ts';
import { fields, oneOf, optional, text, whole } from '#core/validation/schemas.ts';
import { validate } from '#core/validation/validate.ts';
import { type Route, route } from '../http/route.ts';
import { tokenView } from '../views/token-view.ts';
import type { TokenRoutesOptions } from './tokens.ts';

const list = `an array of 1 to ${capabilities.length} of ${capabilities.join(', ')}`;

export const portalSchema = fields({
  name: optional(text(1, 200)),
  capabilities: optional(
    z.array(oneOf(capabilities), list).check(z.minLength(1, list), z.maxLength(capabilities.length, list)),
  ),
  expiresIn: optional(whole(portalLife.shortest, portalLife.longest, 'milliseconds')),
});

/**
 * Tokens for the browsers of an application's customers: short-lived, with capabilities in the place of scopes. They
 * are listed and revoked like all tokens, and make none themselves.
 */
export function portalTokenRoutes({ tokens, newTokenId, newTokenText, now }: TokenRoutesOptions): Route[] {
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
          id: newTokenId(),
          applicationId,
          name: input.name ?? 'portal',
          scopes: [],
          capabilities: capabilities.filter((capability) => wanted.includes(capability)),
          createdAt,
          expiresAt: createdAt + (input.expiresIn ?? portalLife.default),
        };
        const token = newTokenText();
        await tokens.create(record, hashToken(token));
        return json(201, { ...tokenView(record), token });
      },
    }),
  ];
}
