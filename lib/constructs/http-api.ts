import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi as CdkHttpApi,
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface HttpApiProps {
  /** Takes posted events. */
  readonly ingest: IFunction;
  /** Takes every other request. */
  readonly api: IFunction;
  /** Requests a second, all callers together. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
  /** Whose pages may read answers in a browser. @default - nobody's */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Days. */
  readonly logRetentionDays: number;
  readonly removalPolicy: RemovalPolicy;
}

// No header, query or body: tokens and payloads must not reach a log.
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    ip: AccessLogField.contextIdentitySourceIp(),
    method: AccessLogField.contextHttpMethod(),
    route: '$context.routeKey',
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    bytes: AccessLogField.contextResponseLength(),
    milliseconds: AccessLogField.contextResponseLatency(),
    integrationMilliseconds: AccessLogField.contextIntegrationLatency(),
    integrationError: '$context.integrationErrorMessage',
  }),
);

/** Headers that pages may send and read; browsers let safe ones, such as Content-Language, through anyway. */
const requestHeaders = [
  'authorization',
  'content-type',
  'idempotency-key',
  'x-hook0-application',
  'last-event-id',
];
const responseHeaders = [
  'accept',
  'allow',
  'idempotent-replayed',
  'location',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];

/** Without credentials: tokens are headers that a page sets, and no cookie of anybody's is ever asked for. */
function corsFor(origins: readonly string[]): CorsPreflightOptions {
  const { GET, HEAD, POST, PATCH, DELETE } = CorsHttpMethod;
  return {
    allowOrigins: [...origins],
    allowMethods: [GET, HEAD, POST, PATCH, DELETE],
    allowHeaders: requestHeaders,
    exposeHeaders: responseHeaders,
    // The most that Chromium remembers: each preflight is an invocation of the api function, which has the default route.
    maxAge: Duration.hours(2),
  };
}

/** The public door: events go to ingest, everything else to the api function. */
export class HttpApi extends Construct {
  readonly api: CdkHttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.api = new CdkHttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName} API`,
      description: 'Hook0: post events, manage endpoints',
      createDefaultStage: false,
      ...(props.corsOrigins === undefined ? {} : { corsPreflight: corsFor(props.corsOrigins) }),
    });
    const ingest = new HttpLambdaIntegration('Ingest', props.ingest);
    for (const path of ['/api/events', '/api/events/batch', '/api/v1/event']) {
      this.api.addRoutes({ path, methods: [HttpMethod.POST], integration: ingest });
    }
    new HttpRoute(this, 'Rest', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Api', props.api),
    });
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: props.logRetentionDays,
      removalPolicy: props.removalPolicy,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: props.rateLimit, burstLimit: props.burstLimit },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: accessLogFormat },
    });
    acknowledge(
      this,
      'APIG4',
      'the functions check bearer tokens: tenants make and revoke them, /health needs none',
    );
  }

  /** The API's address without a slash at the end. */
  get url(): string {
    return this.api.apiEndpoint;
  }
}
