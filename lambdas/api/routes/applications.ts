import * as z from 'zod/mini';
import type { Caller } from '#adapters/http-api/auth.ts';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse } from '#adapters/http-api/page.ts';
import { queryProblem, quoted, textParameter } from '#adapters/http-api/query.ts';
import { json, noContent } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { type Application, defaultApplicationId } from '#core/application/application.ts';
import { type Limits, largestLimit, leastBytesPerDay, mostBytesPerDay } from '#core/application/limits.ts';
import { metadataSchema } from '#core/endpoint/endpoint-schema.ts';
import { idPatterns, isApplicationId } from '#core/id/ids.ts';
import { isObject, mergePatch, withoutNulls } from '#core/json/merge-patch.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import { fastestRate } from '#core/rate-limit/rate.ts';
import { accepts, fields, text, whole } from '#core/validation/schemas.ts';
import { validate } from '#core/validation/validate.ts';
import { found } from '../http/found.ts';
import { requireOperator } from '../http/require-operator.ts';
import type { Services } from '../services.ts';
import { applicationView } from '../views/application-view.ts';

const idForm = '1 to 64 of a-z 0-9 _ -, starting with a letter or digit';

const idBytes = 10;

const limit = z.optional(whole(0, largestLimit));

const changeable = {
  name: text(1, 200),
  metadata: z._default(metadataSchema, {}),
  limits: z._default(
    fields({
      endpoints: limit,
      eventTypes: limit,
      eventsPerSecond: z.optional(whole(1, fastestRate)),
      bytesPerDay: z.optional(whole(leastBytesPerDay, mostBytesPerDay)),
    }),
    {},
  ),
};
export const changeSchema = fields(changeable);
export const creationSchema = fields({
  id: z.optional(z.string(idForm).check(accepts(isApplicationId, idForm, idPatterns.application))),
  ...changeable,
});

const confirmParameter = textParameter(
  'confirm',
  'The id of the application again. Then the application is removed together with its endpoints.',
);

/** Operators create and remove applications. The token of an application may read and change its own. */
export function applicationRoutes({
  applications,
  randomBytes,
  limits: defaults,
  now,
}: Pick<Services, 'applications' | 'randomBytes' | 'limits' | 'now'>): ApiRoute[] {
  const newId = (): string => `app_${Buffer.from(randomBytes(idBytes)).toString('hex')}`;
  const view = (application: Application) => applicationView(application, defaults);

  return [
    route({
      method: 'POST',
      path: '/api/applications',
      scope: 'admin',
      inApplication: false,
      async handle({ request, caller }) {
        requireOperator(caller, 'create applications');
        const body = readJsonValue(request);
        const value = isObject(body) ? withoutNulls(body) : body;
        const input = validate({ schema: creationSchema, value, received: body });
        const { id = newId(), name, metadata, limits } = input;
        const application = { id, name, metadata, ...own(limits), createdAt: now(), updatedAt: now() };
        const result = await applications.create(application);
        if (result !== 'created') throw idTaken(id, result);
        return json(201, view(application), { location: `/api/applications/${id}` });
      },
    }),
    route({
      method: 'GET',
      path: '/api/applications',
      scope: 'admin',
      inApplication: false,
      query: pageParameters,
      async handle({ query, caller }) {
        requireOperator(caller, 'list applications');
        return pageResponse(['applications'], query, applications.list, view);
      },
    }),
    route({
      method: 'GET',
      path: '/api/applications/{applicationId}',
      scope: 'read',
      inApplication: false,
      async handle({ params, caller }) {
        const application = isForeign(caller, params.applicationId)
          ? undefined
          : await applications.get(params.applicationId);
        return json(200, view(found(application, 'application', params.applicationId)));
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/applications/{applicationId}',
      scope: 'admin',
      inApplication: false,
      async handle({ request, params, caller }) {
        const body = readJsonValue(request);
        if (isForeign(caller, params.applicationId)) throw notFound('application', params.applicationId);
        if (isObject(body) && Object.hasOwn(body, 'limits')) requireOperator(caller, 'change limits');
        const application = await applications.update(params.applicationId, (standing) => {
          const { limits: standingLimits = {}, ...rest } = standing;
          const { name, metadata } = rest;
          const before = { name, metadata, limits: standingLimits };
          const value = isObject(body) ? mergePatch(before, body) : body;
          const received = isObject(body) && isObject(value) ? { ...value, ...nullsOf(body, value) } : body;
          const { limits, ...change } = validate({ schema: changeSchema, value, received });
          return { ...rest, ...change, ...own(limits), updatedAt: now() };
        });
        return json(200, view(found(application, 'application', params.applicationId)));
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/applications/{applicationId}',
      scope: 'admin',
      inApplication: false,
      query: [confirmParameter],
      async handle({ params, query, caller }) {
        requireOperator(caller, 'remove applications');
        const { applicationId } = params;
        if (applicationId === defaultApplicationId) {
          throw new Problem('permanent', {
            detail: `the deployment needs the application ${JSON.stringify(defaultApplicationId)}; it cannot be removed`,
            accepted: 'any other application',
          });
        }
        const confirmed = confirmParameter.read(query);
        if (confirmed !== undefined && confirmed !== applicationId) {
          throw queryProblem('confirm', quoted(confirmed), `the id of the application, ${applicationId}`);
        }
        const result = await applications.remove(applicationId, { whole: confirmed !== undefined });
        if (result === 'missing') throw notFound('application', params.applicationId);
        if (result === 'not_empty') {
          throw new Problem('not_empty', {
            detail:
              'the application still has endpoints; delete them first, or remove them together with the application ' +
              `with ?confirm=${applicationId}`,
            accepted: `an application without endpoints, or the query confirm=${applicationId}`,
          });
        }
        if (result === 'purging') return json(202, { id: applicationId, status: 'purging' });
        return noContent();
      },
    }),
  ];
}

/** An application without limits has those of the deployment, also after they change. */
const own = (limits: Partial<Limits>): Pick<Application, 'limits'> =>
  Object.keys(limits).length === 0 ? {} : { limits };

const isForeign = (caller: Caller, id: string): boolean => !caller.isOperator && caller.applicationId !== id;

const idTaken = (id: string, why: 'exists' | 'used'): Problem =>
  new Problem('already_exists', {
    detail:
      why === 'exists'
        ? `id: the application ${JSON.stringify(id)} already exists`
        : `id: ${JSON.stringify(id)} was used by a removed application, whose events may still be stored; choose another id`,
    field: 'id',
    accepted: 'an id that was never used, or none',
  });

const nullsOf = (body: object, merged: object): object =>
  Object.fromEntries(
    Object.entries(body).filter(([key, value]) => value === null && !Object.hasOwn(merged, key)),
  );

/** What the OpenAPI document says about these routes. No function imports it. */
export const applicationOperations = {
  'POST /api/applications': {
    id: 'createApplication',
    summary: 'Create an application',
    description: 'Only for operators. Without an id, one is generated.',
    body: 'ApplicationInput',
    answers: [{ status: 201, description: 'Created.', schema: 'Application', headers: ['location'] }],
    problems: ['operator_required', 'already_exists'],
  },
  'GET /api/applications': {
    id: 'listApplications',
    summary: 'List applications',
    description: 'Only for operators.',
    answers: [{ status: 200, description: 'A page of applications.', schema: 'ApplicationPage' }],
    problems: ['operator_required'],
  },
  'GET /api/applications/{applicationId}': {
    id: 'getApplication',
    summary: 'Get an application',
    description: 'Its limits are its own, where an operator set some, or those of the deployment.',
    answers: [{ status: 200, description: 'The application.', schema: 'Application' }],
  },
  'PATCH /api/applications/{applicationId}': {
    id: 'updateApplication',
    summary: 'Change an application',
    description:
      'A merge patch (RFC 7396): absent fields stay unchanged, null removes a field. Only operators can change limits.',
    body: 'ApplicationPatch',
    answers: [{ status: 200, description: 'The changed application.', schema: 'Application' }],
    problems: ['operator_required'],
  },
  'DELETE /api/applications/{applicationId}': {
    id: 'deleteApplication',
    summary: 'Remove an application',
    description: 'Only for operators. The application must have no endpoints, or confirm must name it.',
    answers: [
      { status: 204, description: 'Removed.' },
      {
        status: 202,
        description: 'Removed. Its endpoints and other data are deleted after the answer.',
        schema: 'ApplicationRemoval',
      },
    ],
    problems: ['operator_required', 'permanent', 'not_empty'],
  },
} as const satisfies Operations;
