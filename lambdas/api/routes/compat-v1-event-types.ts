import * as z from 'zod/mini';
import type { Caller } from '#adapters/http-api/auth.ts';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { type QueryParameter, requiredParameter, textParameter } from '#adapters/http-api/query.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { v1Application } from '#core/compat-v1/application.ts';
import { withV1Id } from '#core/compat-v1/problem-ids.ts';
import { notFound } from '#core/problem/problem.ts';
import { AlreadyExists } from '#core/problem/store-errors.ts';
import { accepts, text } from '#core/validation/schemas.ts';
import { validate } from '#core/validation/validate.ts';
import type { Services, Uses } from '../services.ts';

type V1Services = Uses<'eventTypes', 'create' | 'list'> & Uses<'applications', 'get'> & Pick<Services, 'now'>;

const word = '1 to 40 of A-Z a-z 0-9 _ -';
const part = z.string(word).check(accepts((value) => /^[A-Za-z0-9_-]{1,40}$/.test(value), word));
// Not strict, like the original.
export const v1EventTypeSchema = z.object({
  application_id: text(1, 64),
  service: part,
  resource_type: part,
  verb: part,
});

const applicationParameter: QueryParameter<string> = {
  ...textParameter('application_id', 'The id of the application.'),
  isRequired: true,
};

// The original answers the whole list. A list that is cut off does no harm, because creating an existing type succeeds.
const pageSize = 100;
const mostPages = 10;

/**
 * `GET` and `POST /api/v1/event_types` of the original Hook0, whose types consist of three words: service, resource type and
 * verb. The list leaves out types of other forms.
 */
export function v1EventTypeRoutes({ eventTypes, applications, now }: V1Services): ApiRoute[] {
  async function application(request: HttpRequest, caller: Caller, named: string): Promise<string> {
    const id = v1Application(caller, named, request.headers['x-hook0-application'] !== undefined);
    if (id === caller.applicationId || (await applications.get(id)) !== undefined) return id;
    throw notFound('application', named);
  }

  return [
    route({
      method: 'GET',
      path: '/api/v1/event_types',
      scope: 'read',
      query: [applicationParameter],
      asProblem: withV1Id,
      async handle({ request, query, caller }) {
        const named = applicationParameter.read(query);
        if (named === undefined) throw requiredParameter('application_id', 'the id of an application');
        const found = await names(eventTypes, await application(request, caller, named));
        return json(200, found.flatMap(view));
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/event_types',
      scope: 'manage',
      asProblem: withV1Id,
      async handle({ request, caller }) {
        const given = validate({ schema: v1EventTypeSchema, value: readJsonValue(request) });
        const applicationId = await application(request, caller, given.application_id);
        const name = `${given.service}.${given.resource_type}.${given.verb}`;
        const at = now();
        try {
          await eventTypes.create({ applicationId, name, archived: false, createdAt: at, updatedAt: at });
        } catch (error) {
          if (!(error instanceof AlreadyExists)) throw error;
        }
        return json(201, view(name)[0]);
      },
    }),
  ];
}

async function names({ list }: V1Services['eventTypes'], applicationId: string): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { items, next } = await list(applicationId, { limit: pageSize, after });
    found.push(...items.map(({ name }) => name));
    if (next === undefined) break;
    after = next;
  }
  return found;
}

function view(name: string) {
  const [service_name, resource_type_name, verb_name, ...more] = name.split('.');
  if (verb_name === undefined || more.length > 0) return [];
  return [{ service_name, resource_type_name, verb_name, event_type_name: name }];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const v1EventTypeOperations = {
  'GET /api/v1/event_types': {
    id: 'listV1EventTypes',
    summary: 'List event types',
    description:
      'The list has only types of three words: service, resource type and verb. It reads at most 1,000 types.',
    answers: [{ status: 200, description: 'The event types.', schema: 'V1EventTypes' }],
  },
  'POST /api/v1/event_types': {
    id: 'createV1EventType',
    summary: 'Register an event type',
    description:
      'A type consists of three words: service, resource type and verb. Registering an existing type succeeds.',
    body: 'V1EventTypeInput',
    answers: [{ status: 201, description: 'Registered.', schema: 'V1EventType' }],
    problems: ['limit_reached'],
  },
} as const satisfies Operations;
