import type { Answer } from '#adapters/http-api/operation.ts';
import { parameterForms } from '#adapters/http-api/router.ts';
import type { ProblemCode } from '#core/problem/problem-codes.ts';
import { type AnswerName, componentSchemas, reference } from './components.ts';
import { answerExamples, operationExamples, requestExamples, textExamples } from './examples/examples.ts';
import { gatewayResponses, throttled } from './gateway.ts';
import { applicationParameter, requestHeaders, requestIdHeader, responseHeaders } from './headers.ts';
import type { Tag, TaggedOperation } from './operations.ts';
import { problemResponses, problemsOf, sharedResponses } from './problems.ts';
import type { DescribedRoute } from './routes.ts';
import { receivedWebhook } from './webhook.ts';

type Operations = Readonly<Record<string, TaggedOperation>>;

const tags: Readonly<Record<Tag, string>> = {
  events: 'Post events, and read and delete them.',
  endpoints: 'The URLs that receive events, and which events they receive.',
  deliveries: 'The delivery of an event to an endpoint, and dead letters.',
  'event types': 'Registered types of events, with JSON Schemas for their payloads.',
  tasks: 'Work that continues after the answer: redrives, replays and recoveries.',
  statistics: 'Counts of attempts, deliveries and events.',
  applications: 'The owners of endpoints, event types, tokens and events.',
  tokens: 'Access to the API.',
  'original Hook0': 'The routes of the original Hook0, for its clients.',
  service: 'The deployment itself.',
};

export interface OpenapiDocument {
  readonly openapi: string;
  readonly info: object;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly webhooks: object;
  readonly components: object;
  readonly tags: readonly object[];
}

const about = `Post events over HTTPS, and Hook0 delivers them to every endpoint that subscribes to them, with signatures and
retries. A slow or broken endpoint does not delay the others.

Every request has the header \`Authorization: Bearer <token>\`. Bodies are JSON in UTF-8, times are ISO 8601, durations
are milliseconds. Problems are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Lists take \`limit\` and
\`cursor\` and answer \`{data, nextCursor}\`. A page may have fewer items than \`limit\` and still have a nextCursor. Paths
with GET also answer HEAD, and every path answers OPTIONS. Other methods get 405, unknown paths 404 \`route_not_found\`.

API Gateway receives the requests and answers some of them itself, with \`{"message": …}\`: 429 above the limits of the
deployment, 413 above Lambda's 6 MB, 503 when no function is available.`;

/**
 * The OpenAPI 3.1 document of these routes.
 *
 * @throws Error that names routes without an operation, operations without a route, and query parameters without a
 *   description
 */
export function openapiDocument(
  routes: readonly DescribedRoute[],
  operations: Operations,
  version: string,
): OpenapiDocument {
  checkComplete(routes, operations);
  const paths: Record<string, Record<string, object>> = {};
  const sorted = [...routes].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const route of sorted) {
    const operation = operations[keyOf(route)];
    if (operation === undefined) continue;
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describe(route, operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hook0 on AWS',
      version,
      summary: 'Webhook delivery as serverless infrastructure in your own AWS account',
      description: about,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: { delivery: { post: receivedWebhook(version) } },
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            "The token of an application, or an operator's token for all applications. The scope admin includes all others, manage includes read. A portal token has capabilities instead of scopes: x-capability names the one that an operation needs. Operations without one are closed to portal tokens.",
        },
      },
      responses: {
        ...gatewayResponses,
        ...sharedResponses(sorted.map((route) => problemsIn(route, operations))),
      },
      schemas: componentSchemas(),
    },
  };
}

function problemsIn(route: DescribedRoute, operations: Operations): readonly ProblemCode[] {
  const operation = operations[keyOf(route)];
  return operation === undefined ? [] : problemsOf(route, operation);
}

const keyOf = ({ method, path }: DescribedRoute): string => `${method} ${path}`;

function checkComplete(routes: readonly DescribedRoute[], operations: Operations): void {
  const keys = new Set(routes.map(keyOf));
  const bare = routes.flatMap(({ query = [], ...route }) =>
    query
      .filter((parameter) => typeof parameter === 'string')
      .map((name) => `${keyOf(route)} takes ${name} without a description; declare a QueryParameter`),
  );
  const missing = [
    ...[...keys]
      .filter((key) => operations[key] === undefined)
      .map((key) => `${key} has no operation; describe it in the file of the route`),
    ...Object.keys(operations)
      .filter((key) => !keys.has(key))
      .map((key) => `${key} is described, but no function serves it`),
    ...bare,
  ];
  if (missing.length > 0) throw new Error(`the OpenAPI document would be incomplete:\n${missing.join('\n')}`);
}

function describe(route: DescribedRoute, operation: TaggedOperation): object {
  const { id, tag, summary, description, body, isBodyOptional = false, answers } = operation;
  const parameters = parametersOf(route, operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: route.scope === 'none' ? [] : [{ token: route.scope === 'any' ? [] : [route.scope] }],
    'x-scope': route.scope === 'none' ? undefined : route.scope,
    'x-capability': route.capability,
    parameters: parameters.length === 0 ? undefined : parameters,
    requestBody: body && {
      required: !isBodyOptional,
      content: { 'application/json': { schema: reference(body), example: requestExamples[body] } },
    },
    responses: {
      ...throttled,
      ...Object.fromEntries(answers.map((answer) => [String(answer.status), success(id, answer)])),
      ...Object.fromEntries(
        // GET /health answers 503 with its own body.
        Object.entries(problemResponses(problemsOf(route, operation))).filter(
          ([status]) => !answers.some((answer) => String(answer.status) === status),
        ),
      ),
    },
  };
}

const parameterMeanings: Readonly<Record<string, string>> = {
  applicationId: 'The id of the application.',
  deliveryId: 'The id of the delivery.',
  endpointId: 'The id of the endpoint.',
  eventId: 'The id of the event.',
  eventType: 'The name of the event type.',
  file: 'The name of the file.',
  taskId: 'The id of the task.',
  tokenId: 'The id of the token.',
};

function parametersOf(route: DescribedRoute, { headers = [] }: TaggedOperation): object[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: parameterMeanings[name],
    schema: { type: 'string', pattern: parameterForms[name]?.pattern.source },
  }));
  const inQuery = (route.query ?? []).flatMap((parameter) => {
    if (typeof parameter === 'string') return [];
    const { name, description, schema, isRequired } = parameter;
    return { name, in: 'query', description, required: isRequired, schema };
  });
  return [
    ...inPath,
    ...inQuery,
    ...(route.scope === 'none' ? [] : [applicationParameter]),
    ...headers.map((name) => requestHeaders[name]),
  ];
}

function success(
  id: string,
  { status, description, schema, types, headers = [] }: Answer<AnswerName>,
): object {
  const named = headers.map((name) => [name, { ...responseHeaders[name], required: name === 'location' }]);
  const example = operationExamples[`${id} ${status}`] ?? (schema && answerExamples[schema]);
  const json = schema && { 'application/json': { schema: reference(schema), example } };
  const texts = types?.map((type) => [type, { schema: { type: 'string' }, example: textExamples[type] }]);
  return {
    description,
    headers: { ...Object.fromEntries(named), ...requestIdHeader },
    content: json ?? (texts && Object.fromEntries(texts)),
  };
}
