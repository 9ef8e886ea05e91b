import type { ProblemCode } from '#core/problem/problem-codes.ts';
import { parameterForms } from '#lambdas/api/http/router.ts';
import { componentSchemas, reference } from './components.ts';
import { gatewayResponses, throttled } from './gateway.ts';
import { applicationParameter, requestHeaders, requestIdHeader, responseHeaders } from './headers.ts';
import {
  type Answer,
  type Content,
  type DescribedRoute,
  type Operation,
  type Operations,
  tags,
} from './operation.ts';
import { problemResponses, problemsOf, sharedResponses } from './problems.ts';
import { receivedWebhook } from './webhook.ts';

export interface OpenapiDocument {
  readonly openapi: string;
  readonly info: object;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly webhooks: object;
  readonly components: object;
  readonly tags: readonly object[];
}

const about = `Events go in over HTTPS, and every endpoint that asked for them gets them: signed, retried, isolated from
everybody else's broken endpoint.

Every request carries \`Authorization: Bearer <token>\`. Bodies are JSON in UTF-8, times ISO 8601, durations
milliseconds. Problems are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Lists take \`limit\` and
\`cursor\` and answer \`{data, nextCursor}\`; a page may be short and still have a cursor. Every path also answers
HEAD where it answers GET, and OPTIONS; other methods get 405, and paths that are not here 404 \`route_not_found\`.

API Gateway, which stands before it all, answers some requests by itself, with \`{"message": …}\`: 429 beyond the
deployment's limits, 413 for what is beyond Lambda's 6 MB, 503 when no function can be had.`;

/**
 * The OpenAPI 3.1 document of these routes.
 *
 * @throws Error that names routes without an operation, operations without a route, and query parameters that are
 *   a bare name
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
            "A token of an application, or an operator's for all. The scope admin includes all others, manage includes read. A portal token has capabilities in the place of scopes: x-capability names the one that lets it in, and what names none is closed to it.",
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
      .map((name) => `${keyOf(route)} takes ${name} as a bare name; declare a QueryParameter`),
  );
  const trouble = [
    ...[...keys]
      .filter((key) => operations[key] === undefined)
      .map((key) => `${key} has no operation; describe it in openapi/operations`),
    ...Object.keys(operations)
      .filter((key) => !keys.has(key))
      .map((key) => `${key} is described in openapi/operations and no function answers it`),
    ...bare,
  ];
  if (trouble.length > 0) throw new Error(`the document would not tell the truth:\n${trouble.join('\n')}`);
}

function describe(route: DescribedRoute, operation: Operation): object {
  const { id, tag, summary, description, body, answers } = operation;
  const parameters = parametersOf(route, operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(route.scope === 'none'
      ? { security: [] }
      : { security: [{ token: [route.scope] }], 'x-scope': route.scope }),
    ...(route.capability === undefined ? {} : { 'x-capability': route.capability }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body.isOptional !== true,
            content: { 'application/json': { schema: reference(body.schema), example: body.example } },
          },
        }),
    responses: {
      ...throttled,
      ...Object.fromEntries(answers.map((answer) => [String(answer.status), success(answer)])),
      ...Object.fromEntries(
        // Health answers 503 with a body of its own.
        Object.entries(problemResponses(problemsOf(route, operation))).filter(
          ([status]) => !answers.some((answer) => String(answer.status) === status),
        ),
      ),
    },
  };
}

function parametersOf(route: DescribedRoute, { headers = [] }: Operation): object[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string', pattern: parameterForms[name]?.pattern.source },
  }));
  const inQuery = (route.query ?? []).flatMap((parameter) => {
    if (typeof parameter === 'string') return [];
    const { name, description, schema, isRequired = false } = parameter;
    return { name, in: 'query', description, ...(isRequired ? { required: true } : {}), schema };
  });
  return [
    ...inPath,
    ...inQuery,
    ...(route.scope === 'none' ? [] : [applicationParameter]),
    ...headers.map((name) => requestHeaders[name]),
  ];
}

function success({ description, content, headers = [] }: Answer): object {
  const named = headers.map((name) => [name, { ...responseHeaders[name], required: name === 'location' }]);
  const contents = content === undefined || 'length' in content ? content : [content];
  return {
    description,
    headers: { ...Object.fromEntries(named), ...requestIdHeader },
    ...(contents === undefined ? {} : { content: Object.fromEntries(contents.map(mediaType)) }),
  };
}

const mediaType = ({ type = 'application/json', schema, example }: Content): [string, object] => [
  type,
  {
    schema: schema === undefined ? { type: 'string' } : reference(schema),
    ...(example === undefined ? {} : { example }),
  },
];
