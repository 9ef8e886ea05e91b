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
import { rawResource } from './resource/raw-resource.ts';
import { removalPolicyOf } from './resource/removal-policy.ts';

export interface HttpApiProps {
  readonly settings: Settings;
  /** Takes posted events. */
  readonly ingest: IFunction;
  /** Takes requests without a token. */
  readonly web: IFunction;
  /** Takes every other request. */
  readonly api: IFunction;
}

const eventPaths = ['/api/events', '/api/events/batch', '/api/v1/event'];

/** The paths that need no token. */
const webPaths = ['/health', '/docs', '/docs/{proxy+}', '/api/openapi.json'];

// Requests per second of each of these paths. A page loads five files, and a load balancer checks the health every few
// seconds. So many cost less than a dollar a day, and they are far from what the account allows all functions together.
const webThrottle = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };

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

/**
 * The public API: posted events go to ingest, requests without a token to the web function, everything else to the api
 * function. Anyone can make requests without a token, so these have throttles of their own: they use up neither the
 * requests per second nor the functions of those who have a token.
 */
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
    const eventRoutes = eventPaths.flatMap((path) =>
      this.api.addRoutes({ path, methods: [HttpMethod.POST], integration: ingest }),
    );
    const web = new HttpLambdaIntegration('Web', props.web);
    const webRoutes = webPaths.flatMap((path) => this.api.addRoutes({ path, integration: web }));
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
      // Of the default route. A request without a token reaches it on a path that does not exist.
      throttle: { rateLimit: apiRateLimit, burstLimit: apiBurstLimit },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: accessLogFormat },
    });
    const throttle = { ThrottlingRateLimit: apiRateLimit, ThrottlingBurstLimit: apiBurstLimit };
    // The CDK's stage has no property for it. The routes must exist before the stage names them.
    rawResource(this.stage).addPropertyOverride(
      'RouteSettings',
      Object.fromEntries([
        ...eventPaths.map((path) => [`POST ${path}`, throttle]),
        ...webPaths.map((path) => [`ANY ${path}`, webThrottle]),
      ]),
    );
    this.stage.node.addDependency(...eventRoutes, ...webRoutes);
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
