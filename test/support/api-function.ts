import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDataKeyStore } from '#adapters/dynamodb/application/data-key-store.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createCredentialVault } from '#adapters/dynamodb/endpoint/credential-vault.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRewriteCredentials } from '#adapters/dynamodb/endpoint/rewrite-credentials.ts';
import { createBeginTest } from '#adapters/dynamodb/endpoint/test-pause.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createEventTypeStore } from '#adapters/dynamodb/event-type/event-type-store.ts';
import { createStatisticsStore } from '#adapters/dynamodb/statistics/statistics-store.ts';
import { createTaskStart } from '#adapters/dynamodb/task/task-start.ts';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import type { HttpResponse } from '#adapters/http-api/response.ts';
import { type Bounds, defaultBounds, defaultLimits } from '#core/application/limits.ts';
import type { EndpointTest } from '#core/endpoint-test/endpoint-test.ts';
import { createIds } from '#core/id/ids.ts';
import { strictPolicy } from '#core/outbound/target-url.ts';
import { re2 } from '#core/regex/re2.ts';
import { hashToken, makeToken, type Scope, tokenRandomBytes } from '#core/token/token.ts';
import { apiRoutes, createApi } from '#lambdas/api/api.ts';
import type { Services } from '#lambdas/api/services.ts';
import type { WebServices } from '#lambdas/web/services.ts';
import { createWeb, webRoutes } from '#lambdas/web/web.ts';
import { referenceFiles } from '#lib/constructs/web/reference-files.ts';
import { testDataKeys } from './data-keys.ts';
import type { TestDatabase } from './dynamodb.ts';
import { exchangeOf } from './exchange.ts';
import { checkExchange, type Exchange } from './openapi.ts';

export interface CallOptions {
  /** Default: an operator's token. An empty string sends none. */
  readonly token?: string;
  /** Written as JSON; for other text use `text`. */
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed body; an empty object when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** An API Gateway event (payload format 2.0) for `METHOD /path?query`. */
export function gatewayEvent(
  request: string,
  { token = '', body, text, headers = {} }: CallOptions,
): APIGatewayProxyEventV2 {
  const [method = '', target = ''] = request.split(/ (.*)/s);
  const [rawPath = '', rawQueryString = ''] = target.split(/\?(.*)/s);
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: {
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(content === undefined ? {} : { body: content }),
    isBase64Encoded: false,
  };
}

/** What API Gateway sends to the web function. */
const webPath = /^\/(?:health$|docs(?:$|\/.)|api\/openapi\.json$)/;

interface LoggedLine {
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** The API over real stores in tables of its own, with one operator's token and the default application. */
export async function startApi(
  database: TestDatabase,
  { now = Date.now, limits = defaultBounds }: { readonly now?: () => number; readonly limits?: Bounds } = {},
) {
  const { client } = database;
  const config = { client, tableName: await database.configTable(), now, random: Math.random };
  const event = {
    client,
    tableName: await database.eventTable(),
    now,
    random: Math.random,
    retentionDays: 30,
  };
  const applications = createApplicationStore(config);
  const tokens = createTokenStore(config);
  const ids = createIds({ now, randomBytes });
  const dataKeys = testDataKeys();
  const vault = createCredentialVault(dataKeys, createDataKeyStore(config), randomBytes);
  const logged: LoggedLine[] = [];
  const drained: string[] = [];
  let queuesAreAway = false;
  /** The messages that were sent, for tasks and for deliveries. */
  const steps: { readonly id: string; readonly step: number }[] = [];
  const woken: { readonly eventId: string; readonly endpointId: string; readonly generation: number }[] = [];
  const announced: string[] = [];
  /** Notes of tokens' use that are being written. */
  const uses: Promise<void>[] = [];
  const tested: EndpointTest[] = [];
  const stores = {
    applications,
    tokens,
    endpoints: createEndpointStore(config, limits, vault),
    eventTypes: createEventTypeStore(config, limits),
    events: createEventStore(event),
    deliveries: createDeliveryStore(event),
    tasks: createTaskStore(event),
    statistics: createStatisticsStore(event),
  };
  const log = (message: string, fields: Record<string, unknown>) => void logged.push({ message, fields });
  const services: Services = {
    ...stores,
    rewriteCredentials: createRewriteCredentials(config, vault, 'on'),
    tokenUsed: (hash, at) => void uses.push(tokens.touch(hash, at)),
    ids,
    now,
    randomBytes,
    targetPolicy: strictPolicy,
    isIpv6Only: async (hostname) => hostname === 'ipv6-only.example.com',
    mayTurnCircuitsOff: false,
    ownHosts: ['https://abc.execute-api.eu-west-1.amazonaws.com', 'hooks.example.com'],
    loadRegex: async () => re2,
    drain: async (endpoint) => void drained.push(endpoint.endpointId),
    watch: createAttentionStore(config).watch,
    closeCircuit: createCircuitStore(config).reset,
    announceClosed: async ({ endpointId }) => void announced.push(endpointId),
    tasks: {
      ...stores.tasks,
      start: createTaskStart(event),
      queueStep: async ({ id, step }) => {
        if (queuesAreAway) throw new Error('the queue refused it');
        steps.push({ id, step });
      },
    },
    wake: async ({ eventId, endpointId }, { generation }) =>
      void woken.push({ eventId, endpointId, generation }),
    queueSizes: async () => [{ name: 'normal', visible: 3, inFlight: 2, delayed: 1 }],
    beginTest: createBeginTest(config),
    testEndpoint: async (test) => {
      tested.push(test);
      const { endpointId, timestamp } = test;
      try {
        if ((await stores.endpoints.get(test.applicationId, endpointId)) === undefined)
          return { kind: 'missing' };
      } catch (error) {
        return { kind: 'unreadable', detail: String(error) };
      }
      const startedAt = new Date(timestamp).toISOString();
      const attempt = { number: 1, generation: 1, startedAt, duration: 12, success: true, retryable: false };
      return { kind: 'attempted', attempt: { ...attempt, statusCode: 204 } };
    },
    retentionDays: 30,
    limits: { ...defaultLimits, ...limits },
    countRequest: async () => undefined,
  };
  const webServices: WebServices = {
    application: applications.get,
    readAsset: (name) => readFile(referenceFiles[`reference/${name}`] ?? name),
    onUnhealthy: (error) => log('the health check failed', { error }),
    now,
    version: '0.0.0-test',
  };
  const handlers = {
    api: createHttpFunction(createApi(services), { error: log, warn: log }),
    web: createHttpFunction(createWeb(webServices), { error: log, warn: log }),
  };

  async function makeTokenFor(
    applicationId: string,
    scopes: readonly Scope[],
    expiresAt?: number,
  ): Promise<string> {
    const text = makeToken(randomBytes(tokenRandomBytes));
    const record = { id: ids.token(), applicationId, name: 'test', scopes, createdAt: now() };
    await tokens.create(expiresAt === undefined ? record : { ...record, expiresAt }, hashToken(text));
    return text;
  }

  async function send(gateway: APIGatewayProxyEventV2): Promise<Answer> {
    const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
    const handler = handlers[webPath.test(gateway.rawPath) ? 'web' : 'api'];
    const response = (await handler(gateway, context)) as HttpResponse;
    // Written beside the answer: nothing of a call goes on when its test is over.
    await Promise.all(uses);
    const { status, headers, body: text } = checked(gateway, response);
    const body = /[/+]json/.test(headers['content-type'] ?? '') && text !== '' ? JSON.parse(text) : {};
    return { status, headers, text, body };
  }

  await applications.create({
    id: 'default',
    name: 'Default',
    metadata: {},
    createdAt: now(),
    updatedAt: now(),
  });
  const operator = await makeTokenFor('*', ['admin']);
  return {
    eventTable: event.tableName,
    ...{
      stores,
      dataKeys,
      vault,
      config,
      event,
      ids,
      logged,
      drained,
      announced,
      steps,
      woken,
      uses,
      tested,
      operator,
      makeTokenFor,
      send,
    },
    routes: [...apiRoutes(services), ...webRoutes(webServices)],
    refuseMessages: () => {
      queuesAreAway = true;
    },
    call: (request: string, options: CallOptions = {}): Promise<Answer> =>
      send(gatewayEvent(request, { token: operator, ...options })),
  };
}

/** The answer, held against the OpenAPI document. */
function checked(gateway: APIGatewayProxyEventV2, response: HttpResponse): Exchange {
  const exchange = exchangeOf(gateway, response);
  checkExchange(exchange);
  return exchange;
}

export type TestApi = Awaited<ReturnType<typeof startApi>>;

/** A delivery address that passes the strict policy. */
export const anEndpoint = {
  name: 'Order Processing',
  url: 'https://your-app.example/webhooks',
  events: ['order.created', 'order.*'],
};
