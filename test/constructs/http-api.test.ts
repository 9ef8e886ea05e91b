import { describe, expect, it } from 'vitest';
import { applicationParameter, requestHeaders, requestIdHeader, responseHeaders } from '#openapi/headers.ts';
import { allRoutes } from '#openapi/routes.ts';
import { ofType, type Synthesized, synthesized } from './synthesized.ts';

const dev = synthesized({ apiRateLimit: 25, apiBurstLimit: 50 });
const stage = ofType(dev, 'AWS::ApiGatewayV2::Stage')[0]?.[1].Properties ?? {};

const corsOf = (synthesis: Synthesized) =>
  ofType(synthesis, 'AWS::ApiGatewayV2::Api')[0]?.[1].Properties.CorsConfiguration;

/** In any order. */
const sameAs = (values: readonly string[]) =>
  expect.toSatisfy(
    (actual: readonly string[]) => actual.toSorted().join() === values.toSorted().join(),
    `the same as ${values.join()}`,
  );

/** What the document names. Browsers handle `content-encoding` and `vary` themselves. */
function named() {
  const { 'content-encoding': _encoding, vary: _vary, ...forPages } = responseHeaders;
  return {
    methods: [...new Set([...allRoutes().map(({ method }) => method), 'HEAD'])],
    sent: [applicationParameter, ...Object.values(requestHeaders)].map(({ name }) => name),
    read: Object.keys({ ...forPages, ...requestIdHeader }),
  };
}

describe('the HTTP API', () => {
  it('sends posted events to ingest, requests without a token to web, everything else to the api function', () => {
    const routes = ofType(dev, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const target = JSON.stringify(Properties.Target);
      const integration = /"Ref":"(\w+)"/.exec(target)?.[1] ?? '';
      const uri = JSON.stringify(dev.resources[integration]?.Properties.IntegrationUri);
      return [Properties.RouteKey, /Hook0(\w+)Function/.exec(uri)?.[1]];
    });

    expect(routes).toEqual([
      ['POST /api/events', 'Ingest'],
      ['POST /api/events/batch', 'Ingest'],
      ['POST /api/v1/event', 'Ingest'],
      ['ANY /health', 'Web'],
      ['ANY /docs', 'Web'],
      ['ANY /docs/{proxy+}', 'Web'],
      ['ANY /api/openapi.json', 'Web'],
      ['$default', 'Api'],
    ]);
  });

  it('may invoke the functions of its routes, and only from these routes', () => {
    const permissions = ofType(dev, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    const fromApi = permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');

    expect(fromApi).toHaveLength(8);
    for (const { SourceArn } of permissions) expect(SourceArn).toBeDefined();
  });

  it('limits requests', () => {
    expect(stage.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 25, ThrottlingBurstLimit: 50 });
  });

  it('limits each route of producers, and each path without a token, by itself', () => {
    const settings = stage.RouteSettings as Readonly<Record<string, object>>;
    const keys = ofType(dev, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) =>
      String(Properties.RouteKey),
    );

    // A route without settings of its own would share those of the default route.
    expect([...Object.keys(settings), '$default'].sort()).toEqual(keys.sort());
    for (const [key, limits] of Object.entries(settings)) {
      expect(limits).toEqual(
        key.startsWith('POST ')
          ? { ThrottlingRateLimit: 25, ThrottlingBurstLimit: 50 }
          : { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      );
    }
  });

  it('creates its routes before the stage that names them', () => {
    const [, stageResource] = ofType(dev, 'AWS::ApiGatewayV2::Stage')[0] ?? [];
    const named = ofType(dev, 'AWS::ApiGatewayV2::Route').filter(
      ([, { Properties }]) => Properties.RouteKey !== '$default',
    );

    expect(stageResource).toMatchObject({ DependsOn: expect.arrayContaining(named.map(([id]) => id)) });
  });

  it('serves each route without a token by the web function, and no other route', () => {
    const publicPaths = allRoutes()
      .filter(({ scope }) => scope === 'none')
      .map(({ path }) => path);
    const served = ofType(dev, 'AWS::ApiGatewayV2::Route')
      .map(([, { Properties }]) => String(Properties.RouteKey))
      .filter((key) => key.startsWith('ANY '))
      .map((key) => key.slice(4).replace('{proxy+}', '{file}'));

    expect(served.sort()).toEqual(publicPaths.sort());
  });

  it('has no CORS headers unless origins are set', () => {
    expect(corsOf(dev)).toBeUndefined();
  });

  it('lets pages of the origins that are set use everything that the document names', () => {
    const origins = ['https://app.example', 'https://admin.example'];
    const cors = corsOf(synthesized({ corsOrigins: origins.join(',') }));
    const { methods, sent, read } = named();

    expect(cors).toEqual({
      AllowOrigins: origins,
      AllowMethods: sameAs(methods),
      AllowHeaders: sameAs(['authorization', 'content-type', ...sent]),
      ExposeHeaders: sameAs(read),
      MaxAge: 7200,
    });
  });

  it('logs requests without headers, query or body', () => {
    const { Format } = stage.AccessLogSettings as { Format: string };
    const logged = Object.values(JSON.parse(Format)).sort();

    expect(logged).toEqual([
      '$context.httpMethod',
      '$context.identity.sourceIp',
      '$context.integrationErrorMessage',
      '$context.integrationLatency',
      '$context.path',
      '$context.requestId',
      '$context.requestTimeEpoch',
      '$context.responseLatency',
      '$context.responseLength',
      '$context.routeKey',
      '$context.status',
    ]);
  });

  it('outputs its address and the secret', () => {
    const api = ofType(dev, 'AWS::ApiGatewayV2::Api')[0]?.[0];

    expect(Object.keys(dev.template.findOutputs('*'))).toEqual([
      'ApiUrl',
      'AdminTokenSecretArn',
      'DashboardUrl',
    ]);
    dev.template.hasOutput('ApiUrl', { Value: { 'Fn::GetAtt': [api, 'ApiEndpoint'] } });
    dev.template.hasOutput('AdminTokenSecretArn', { Value: { Ref: 'Hook0AdminToken' } });
  });
});
