import * as z from 'zod/mini';
import type { Caller } from '#adapters/http-api/auth.ts';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse } from '#adapters/http-api/page.ts';
import { matchingParameter, type Query } from '#adapters/http-api/query.ts';
import { json, noContent } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { isApplicationId } from '#core/id/ids.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import { fastestRate, type Rate } from '#core/rate-limit/rate.ts';
import { allows } from '#core/token/authorize.ts';
import {
  allApplications,
  hashToken,
  makeToken,
  type Scope,
  scopes,
  type TokenRecord,
  tokenRandomBytes,
} from '#core/token/token.ts';
import { parseInstant } from '#core/validation/instant.ts';
import { accepts, fields, oneOf, optional, text, whole } from '#core/validation/schemas.ts';
import { fieldError, problemOf, validate } from '#core/validation/validate.ts';
import { requireOperator } from '../http/require-operator.ts';
import type { Services } from '../services.ts';
import { tokenView } from '../views/token-view.ts';

const owners = 'an application id, or "*" for all applications';
const isOwner = (value: string): boolean => value === allApplications || isApplicationId(value);
const scopeList = `an array of 1 to ${scopes.length} of ${scopes.join(', ')}`;
const futureTime = 'an ISO 8601 time with a zone in the future, such as 2030-01-31T12:00:00Z';

const rateLimit = fields({ perSecond: whole(1, fastestRate, 'events a second') });
const endTime = z.iso.datetime({ error: futureTime, offset: true });

const ownerParameter = matchingParameter({
  name: 'applicationId',
  description: "The owner of the tokens; * for operators' tokens. Default: the application of the request.",
  check: isOwner,
  accepted: owners,
});

export const tokenChangeSchema = fields({
  name: z.optional(text(1, 200)),
  rateLimit: z.optional(z.nullable(rateLimit)),
  expiresAt: z.optional(z.nullable(endTime)),
});
export const tokenSchema = fields({
  name: text(1, 200),
  scopes: z
    .array(oneOf(scopes), scopeList)
    .check(z.minLength(1, scopeList), z.maxLength(scopes.length, scopeList)),
  applicationId: optional(z.string(owners).check(accepts(isOwner, owners))),
  rateLimit: optional(rateLimit),
  expiresAt: optional(endTime),
});

/** The text of a token is shown once, when it is created, because only its hash is stored. */
export function tokenRoutes({
  tokens,
  ids,
  randomBytes,
  now,
}: Pick<Services, 'tokens' | 'ids' | 'randomBytes' | 'now'>): ApiRoute[] {
  return [
    route({
      method: 'POST',
      path: '/api/tokens',
      scope: 'admin',
      inApplication: false,
      async handle({ request, caller }) {
        const input = validate({ schema: tokenSchema, value: readJsonValue(request) });
        const applicationId = ownerFor(caller, input.applicationId);
        const expiresAt = input.expiresAt === undefined ? undefined : future(input.expiresAt, now());
        checkScopes(caller, input.scopes);
        const token = makeToken(randomBytes(tokenRandomBytes));
        const record = {
          id: ids.token(),
          applicationId,
          name: input.name,
          scopes: scopes.filter((scope) => input.scopes.includes(scope)),
          createdAt: now(),
          rateLimit: input.rateLimit,
          expiresAt,
        };
        await tokens.create(record, hashToken(token));
        return json(201, { ...tokenView(record), token });
      },
    }),
    route({
      method: 'GET',
      path: '/api/token',
      scope: 'any',
      inApplication: false,
      handle: async ({ caller }) => json(200, tokenView(caller.token)),
    }),
    route({
      method: 'GET',
      path: '/api/tokens',
      scope: 'admin',
      inApplication: false,
      query: [ownerParameter, ...pageParameters],
      async handle({ query, caller }) {
        const owner = ownerFor(caller, ownerParameter.read(query));
        return pageResponse(['tokens', owner], query, (page) => tokens.list(owner, page), tokenView);
      },
    }),
    route({
      method: 'GET',
      path: '/api/tokens/{tokenId}',
      scope: 'admin',
      inApplication: false,
      query: [ownerParameter],
      async handle({ params: { tokenId }, query, caller }) {
        const owners = ownersOf(caller, query);
        for (const owner of owners) {
          const record = await tokens.get(owner, tokenId);
          if (record !== undefined) return json(200, tokenView(record));
        }
        throw missing(tokenId, owners, caller);
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/tokens/{tokenId}',
      scope: 'admin',
      inApplication: false,
      query: [ownerParameter],
      async handle({ request, params: { tokenId }, query, caller }) {
        const owners = ownersOf(caller, query);
        const input = validate({ schema: tokenChangeSchema, value: readJsonValue(request) });
        const end = typeof input.expiresAt === 'string' ? future(input.expiresAt, now()) : input.expiresAt;
        for (const owner of owners) {
          const record = await tokens.update(owner, tokenId, (standing) =>
            changed(standing, { ...input, expiresAt: end }),
          );
          if (record !== undefined) return json(200, tokenView(record));
        }
        throw missing(tokenId, owners, caller);
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/tokens/{tokenId}',
      scope: 'admin',
      inApplication: false,
      query: [ownerParameter],
      async handle({ params: { tokenId }, query, caller }) {
        const owners = ownersOf(caller, query);
        for (const owner of owners) {
          if (await tokens.remove(owner, tokenId)) return noContent();
        }
        throw missing(tokenId, owners, caller);
      },
    }),
  ];
}

/**
 * The owners among whose tokens a caller finds one by id: the application that the query names, or else the application of
 * the request and, for operators, the operators.
 */
function ownersOf(caller: Caller, query: Query): string[] {
  const named = ownerParameter.read(query);
  if (named !== undefined) return [ownerFor(caller, named)];
  return caller.isOperator ? [caller.applicationId, allApplications] : [caller.applicationId];
}

/** Tells an operator how to name the application, because the default is not always the one that was meant. */
function missing(tokenId: string, among: readonly string[], { isOperator }: Caller): Problem {
  if (!isOperator) return notFound('token', tokenId);
  const where = among.map((owner) => (owner === allApplications ? 'operators' : owner));
  return new Problem('not_found', {
    detail:
      `there is no token ${JSON.stringify(tokenId)} of ${where.join(' or ')}; ` +
      'name its application with ?applicationId= or the header X-Hook0-Application',
  });
}

interface TokenChange {
  readonly name?: string | undefined;
  readonly rateLimit?: Rate | null | undefined;
  readonly expiresAt?: number | null | undefined;
}

/** Absent fields stay unchanged, null removes a field. */
function changed(standing: TokenRecord, { name, rateLimit, expiresAt }: TokenChange): TokenRecord {
  if (standing.capabilities !== undefined) {
    throw new Problem('wrong_state', {
      detail: `token ${standing.id} is a portal token and cannot be changed; revoke it and create another`,
      accepted: 'a token with scopes',
    });
  }
  return {
    ...standing,
    name: name ?? standing.name,
    rateLimit: rateLimit === undefined ? standing.rateLimit : (rateLimit ?? undefined),
    expiresAt: expiresAt === undefined ? standing.expiresAt : (expiresAt ?? undefined),
  };
}

function future(given: string, now: number): number {
  const time = parseInstant(given);
  if (time !== undefined && time > now) return time;
  throw problemOf([fieldError(['expiresAt'], JSON.stringify(given), futureTime)]);
}

function ownerFor(caller: Caller, named: string | undefined): string {
  if (named === undefined || named === caller.applicationId) return caller.applicationId;
  if (named === allApplications) requireOperator(caller, "manage operators' tokens");
  if (!caller.isOperator) throw notFound('application', named);
  return named;
}

/** A token can only create tokens with scopes that it has itself. */
function checkScopes(caller: Caller, wanted: readonly Scope[]): void {
  const beyond = wanted.find((scope) => !allows(caller.token.scopes, scope));
  if (beyond === undefined) return;
  throw new Problem('scope_missing', {
    detail: `scopes: received ${beyond}, which the token of the request does not have`,
    field: 'scopes',
    accepted: caller.token.scopes.join(', '),
  });
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const tokenOperations = {
  'POST /api/tokens': {
    id: 'createToken',
    summary: 'Create a token',
    description: 'A token can only create tokens with scopes that it has itself.',
    body: 'TokenInput',
    answers: [
      { status: 201, description: 'The new token. Its text is shown only once.', schema: 'NewToken' },
    ],
    problems: ['operator_required'],
  },
  'GET /api/token': {
    id: 'getOwnToken',
    summary: 'Get the token of the request',
    description:
      'What the token of the request may do, for every valid token. A change shows after a minute at most.',
    answers: [{ status: 200, description: 'The token without its text.', schema: 'Token' }],
  },
  'GET /api/tokens': {
    id: 'listTokens',
    summary: 'List tokens',
    description: 'Without their texts, because only hashes are stored.',
    answers: [{ status: 200, description: 'A page of tokens without their texts.', schema: 'TokenPage' }],
    problems: ['operator_required'],
  },
  'GET /api/tokens/{tokenId}': {
    id: 'getToken',
    summary: 'Get a token',
    description: 'Without its text, because only a hash is stored.',
    answers: [{ status: 200, description: 'The token without its text.', schema: 'Token' }],
    problems: ['operator_required'],
  },
  'PATCH /api/tokens/{tokenId}': {
    id: 'updateToken',
    summary: 'Change a token',
    description:
      'Absent fields stay unchanged; null removes expiresAt or rateLimit. Portal tokens cannot be changed.',
    body: 'TokenPatch',
    answers: [{ status: 200, description: 'The changed token.', schema: 'Token' }],
    problems: ['operator_required', 'wrong_state'],
  },
  'DELETE /api/tokens/{tokenId}': {
    id: 'deleteToken',
    summary: 'Revoke a token',
    description: 'The token stops working within a minute, because functions cache tokens that long.',
    answers: [{ status: 204, description: 'Revoked.' }],
    problems: ['operator_required'],
  },
} as const satisfies Operations;
