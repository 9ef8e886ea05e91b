import { Duration, Stack } from 'aws-cdk-lib';
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
import type { Settings } from '../settings/settings.ts';
import { acknowledge } from './resource/acknowledge.ts';
import { removalPolicyOf } from './resource/removal-policy.ts';

export interface HttpApiProps {
  readonly settings: Settings;
  /** Takes posted events. */
  readonly ingest: IFunction;
  /** Takes every other request. */
  readonly api: IFunction;
}

// Without headers, query and body, because tokens and payloads must not reach a log.
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

/** Headers that pages may send and read. Browsers always allow safe ones, such as Content-Language. */
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

/** Without credentials, because a page sends its token as a header and the API uses no cookies. */
function corsFor(origins: readonly string[]): CorsPreflightOptions {
  const { GET, HEAD, POST, PATCH, DELETE } = CorsHttpMethod;
  return {
    allowOrigins: [...origins],
    allowMethods: [GET, HEAD, POST, PATCH, DELETE],
    allowHeaders: requestHeaders,
    exposeHeaders: responseHeaders,
    // The longest that Chromium remembers. A preflight invokes the api function, which has the default route.
    maxAge: Duration.hours(2),
  };
}

/** The public API: posted events go to ingest, everything else to the api function. */
export class HttpApi extends Construct {
  readonly api: CdkHttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { settings, ...props }: HttpApiProps) {
    super(scope, id);
    const { corsOrigins, apiRateLimit, apiBurstLimit } = settings;
    this.api = new CdkHttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName} API`,
      description: 'Hook0: post events, manage endpoints',
      createDefaultStage: false,
      corsPreflight: corsOrigins && corsFor(corsOrigins),
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
      retention: settings.logRetentionDays,
      removalPolicy: removalPolicyOf(settings),
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: apiRateLimit, burstLimit: apiBurstLimit },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: accessLogFormat },
    });
    acknowledge(
      this,
      'APIG4',
      'the functions check bearer tokens, which operators create and revoke through the API; /health needs none',
    );
  }

  /** The API's address without a slash at the end. */
  get url(): string {
    return this.api.apiEndpoint;
  }
}
