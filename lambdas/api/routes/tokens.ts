import * as z from 'zod/mini';
import type { Caller } from '#adapters/http-api/auth.ts';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse } from '#adapters/http-api/page.ts';
import { matchingParameter, type Query } from '#adapters/http-api/query.ts';
import { json, noContent } from '#adapters/http-api/response.ts';
import { isApplicationId } from '#core/id/ids.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import { fastestRate, type Rate } from '#core/rate-limit/token-rate.ts';
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
import { type Route, route } from '../http/route.ts';
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
  description: 'Whose tokens; * are the operators’ own. Without it those of the application of the request.',
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

/** A token's text is shown once, when it is made: only its hash is kept. */
export function tokenRoutes({
  tokens,
  ids,
  randomBytes,
  now,
}: Pick<Services, 'tokens' | 'ids' | 'randomBytes' | 'now'>): Route[] {
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
          ...(input.rateLimit === undefined ? {} : { rateLimit: input.rateLimit }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
        };
        await tokens.create(record, hashToken(token));
        return json(201, { ...tokenView(record), token });
      },
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
 * Whose tokens a caller reaches by id: those of the application that the query names, or else of the request's and,
 * for operators, the operators' own.
 */
function ownersOf(caller: Caller, query: Query): string[] {
  const named = ownerParameter.read(query);
  if (named !== undefined) return [ownerFor(caller, named)];
  return caller.isOperator ? [caller.applicationId, allApplications] : [caller.applicationId];
}

/** An operator's request reads like one for the default application until it says otherwise. */
function missing(tokenId: string, among: readonly string[], { isOperator }: Caller): Problem {
  if (!isOperator) return notFound('token', tokenId);
  const where = among.map((owner) => (owner === allApplications ? 'the operators’ own' : owner));
  return new Problem('not_found', {
    detail:
      `there is no token ${JSON.stringify(tokenId)} among those of ${where.join(' and ')}; ` +
      'name its application by ?applicationId= or the header X-Hook0-Application',
  });
}

interface TokenChange {
  readonly name?: string | undefined;
  readonly rateLimit?: Rate | null | undefined;
  readonly expiresAt?: number | null | undefined;
}

/** What is not given stays, null takes away. */
function changed(standing: TokenRecord, { name, rateLimit, expiresAt }: TokenChange): TokenRecord {
  if (standing.capabilities !== undefined) {
    throw new Problem('wrong_state', {
      detail: `token ${standing.id} is a portal token, which stays as it was made; revoke it and make another`,
      accepted: 'a token that is no portal token',
    });
  }
  const { rateLimit: rate, expiresAt: end, ...rest } = standing;
  const next = {
    rateLimit: rateLimit === undefined ? rate : rateLimit,
    expiresAt: expiresAt === undefined ? end : expiresAt,
  };
  return {
    ...rest,
    ...(name === undefined ? {} : { name }),
    ...(next.rateLimit == null ? {} : { rateLimit: next.rateLimit }),
    ...(next.expiresAt == null ? {} : { expiresAt: next.expiresAt }),
  };
}

function future(given: string, now: number): number {
  const time = parseInstant(given);
  if (time !== undefined && time > now) return time;
  throw problemOf([fieldError(['expiresAt'], JSON.stringify(given), futureTime)]);
}

function ownerFor(caller: Caller, named: string | undefined): string {
  if (named === undefined || named === caller.applicationId) return caller.applicationId;
  if (named === allApplications) requireOperator(caller, 'see to tokens for all applications');
  if (!caller.isOperator) throw notFound('application', named);
  return named;
}

/** Nobody hands on more than they have. */
function checkScopes(caller: Caller, wanted: readonly Scope[]): void {
  const beyond = wanted.find((scope) => !allows(caller.token.scopes, scope));
  if (beyond === undefined) return;
  throw new Problem('scope_missing', {
    detail: `scopes: received ${beyond}, which the token that asks does not have`,
    field: 'scopes',
    accepted: caller.token.scopes.join(', '),
  });
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const tokenOperations = {
  'POST /api/tokens': {
    id: 'createToken',
    tag: 'tokens',
    summary: 'Make a token',
    description: 'Nobody hands on scopes that their own token lacks.',
    body: 'TokenInput',
    answers: [{ status: 201, description: 'Made. Its text is shown this once.', schema: 'NewToken' }],
    problems: ['operator_required'],
  },
  'GET /api/tokens': {
    id: 'listTokens',
    tag: 'tokens',
    summary: 'List tokens',
    answers: [{ status: 200, description: 'A page of tokens without their texts.', schema: 'TokenPage' }],
    problems: ['operator_required'],
  },
  'GET /api/tokens/{tokenId}': {
    id: 'getToken',
    tag: 'tokens',
    summary: 'One token',
    answers: [{ status: 200, description: 'The token without its text.', schema: 'Token' }],
    problems: ['operator_required'],
  },
  'PATCH /api/tokens/{tokenId}': {
    id: 'updateToken',
    tag: 'tokens',
    summary: 'Change a token',
    description:
      'What is left out stays; null takes the end or the limit away. Portal tokens stay as they are.',
    body: 'TokenPatch',
    answers: [{ status: 200, description: 'As it stands now.', schema: 'Token' }],
    problems: ['operator_required', 'wrong_state'],
  },
  'DELETE /api/tokens/{tokenId}': {
    id: 'deleteToken',
    tag: 'tokens',
    summary: 'Revoke a token',
    description: 'Functions remember tokens for a minute: within that it dies everywhere.',
    answers: [{ status: 204, description: 'Revoked.' }],
    problems: ['operator_required'],
  },
} as const satisfies Operations;
