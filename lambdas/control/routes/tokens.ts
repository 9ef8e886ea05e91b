import * as z from 'zod/mini';
import { isApplicationId } from '../../core/ids.ts';
import { notFound, Problem } from '../../core/problem.ts';
import { allows } from '../../core/tenant/authorize.ts';
import { allApplications, hashToken, type Scope, scopes, type TokenRecord } from '../../core/tenant/token.ts';
import { accepts, fields, oneOf, optional, text } from '../../core/validation/schemas.ts';
import { fieldError, problemOf, validate } from '../../core/validation/validate.ts';
import type { Caller } from '../../runtime/http/auth.ts';
import { readJsonValue } from '../../runtime/http/json-body.ts';
import { pageParameters, pageResponse } from '../../runtime/http/page.ts';
import { matchingParameter } from '../../runtime/http/query.ts';
import { json, noContent } from '../../runtime/http/response.ts';
import { requireOperator } from '../operator.ts';
import type { Tokens } from '../ports.ts';
import { type Route, route } from '../route.ts';

export interface TokenRoutesOptions {
  readonly tokens: Tokens;
  readonly newTokenId: () => string;
  readonly newTokenText: () => string;
  readonly now: () => number;
}

const owners = 'an application id, or "*" for all applications';
const isOwner = (value: string): boolean => value === allApplications || isApplicationId(value);
const scopeList = `an array of 1 to ${scopes.length} of ${scopes.join(', ')}`;
const futureTime = 'an ISO 8601 time with a zone in the future, such as 2030-01-31T12:00:00Z';

const ownerParameter = matchingParameter({
  name: 'applicationId',
  description: "Whose tokens; by default those of the request's application.",
  check: isOwner,
  accepted: owners,
});

export const tokenSchema = fields({
  name: text(1, 200),
  scopes: z
    .array(oneOf(scopes), scopeList)
    .check(z.minLength(1, scopeList), z.maxLength(scopes.length, scopeList)),
  applicationId: optional(z.string(owners).check(accepts(isOwner, owners))),
  expiresAt: optional(z.iso.datetime({ error: futureTime, offset: true })),
});

/** A token's text is shown once, when it is made: only its hash is kept. */
export function tokenRoutes({ tokens, newTokenId, newTokenText, now }: TokenRoutesOptions): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/tokens',
      scope: 'admin',
      inApplication: false,
      async handle({ request, caller }) {
        const input = validate({ schema: tokenSchema, value: readJsonValue(request) });
        const applicationId = ownerFor(caller, input.applicationId);
        const expiresAt = input.expiresAt === undefined ? undefined : Date.parse(input.expiresAt);
        if (expiresAt !== undefined && !(expiresAt > now())) {
          throw problemOf([fieldError(['expiresAt'], JSON.stringify(input.expiresAt), futureTime)]);
        }
        checkScopes(caller, input.scopes);
        const token = newTokenText();
        const record = {
          id: newTokenId(),
          applicationId,
          name: input.name,
          scopes: scopes.filter((scope) => input.scopes.includes(scope)),
          createdAt: now(),
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
      async handle({ params: { tokenId }, caller }) {
        for (const owner of ownersOf(caller)) {
          const record = await tokens.get(owner, tokenId);
          if (record !== undefined) return json(200, tokenView(record));
        }
        throw notFound('token', tokenId);
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/tokens/{tokenId}',
      scope: 'admin',
      inApplication: false,
      async handle({ params: { tokenId }, caller }) {
        for (const owner of ownersOf(caller)) {
          if (await tokens.remove(owner, tokenId)) return noContent();
        }
        throw notFound('token', tokenId);
      },
    }),
  ];
}

/** Whose tokens a caller reaches by id: those of the request's application and, for operators, the operators' own. */
function ownersOf({ applicationId, isOperator }: Caller): string[] {
  return isOperator ? [applicationId, allApplications] : [applicationId];
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

export function tokenView({ id, applicationId, name, scopes, createdAt, expiresAt }: TokenRecord) {
  return {
    ...{ id, applicationId, name, scopes },
    createdAt: new Date(createdAt).toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
  };
}
