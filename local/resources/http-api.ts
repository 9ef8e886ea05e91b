import type { Cors } from '../gateway/cors.ts';
import { arnOf, physicalName } from '../template/names.ts';
import { fail, list, number, object, optionalText, text } from './property.ts';
import type { Declared, ResourceType } from './resource.ts';

/** AWS::ApiGatewayV2::Api: one HTTP API, at the address of the local run. */
export const httpApi: ResourceType = {
  known: ['CorsConfiguration', 'ProtocolType'],
  ignored: [
    'Description',
    'DisableExecuteApiEndpoint',
    'IpAddressType',
    'Name',
    'RouteSelectionExpression',
    'Tags',
    'Version',
  ],
  create: (resource, world) => {
    if (text(resource, 'ProtocolType') !== 'HTTP') fail(resource, 'ProtocolType', 'HTTP');
    const id = physicalName(world.stackName, resource.logicalId, 64).toLowerCase();
    if (resource.properties.CorsConfiguration !== undefined) world.cors.set(id, corsOf(resource));
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: world.gateway.origin } };
  },
};

/** CORS without wildcards and credentials, which the gateway does not emulate. */
function corsOf(resource: Declared): Cors {
  const properties = object(resource, 'CorsConfiguration');
  const known = ['AllowHeaders', 'AllowMethods', 'AllowOrigins', 'ExposeHeaders', 'MaxAge'];
  const configuration: Declared = { ...resource, properties };
  for (const name of Object.keys(properties)) {
    if (!known.includes(name))
      fail(configuration, name, `it to be absent: the local run knows ${known.join(', ')}`);
  }
  const texts = (name: string) => list(configuration, name).map(String);
  const allowOrigins = texts('AllowOrigins');
  if (allowOrigins.some((origin) => origin.includes('*'))) {
    fail(configuration, 'AllowOrigins', 'origins without wildcards');
  }
  return {
    allowOrigins,
    allowMethods: texts('AllowMethods'),
    allowHeaders: texts('AllowHeaders'),
    exposeHeaders: texts('ExposeHeaders'),
    maxAgeSeconds: properties.MaxAge === undefined ? undefined : number(configuration, 'MaxAge', 0),
  };
}

/** AWS::ApiGatewayV2::Stage: only `$default`, whose path is the root, without throttling and access logs. */
export const httpStage: ResourceType = {
  known: ['ApiId', 'AutoDeploy', 'StageName'],
  ignored: ['AccessLogSettings', 'DefaultRouteSettings', 'Description', 'RouteSettings', 'Tags'],
  create: (resource) => {
    if (text(resource, 'StageName') !== '$default') fail(resource, 'StageName', '$default');
    return { ref: '$default' };
  },
};

/** AWS::ApiGatewayV2::Integration of a Lambda function, payload format 2.0. */
export const httpIntegration: ResourceType = {
  known: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
  ignored: ['Description', 'IntegrationMethod'],
  create: (resource, world) => {
    if (text(resource, 'IntegrationType') !== 'AWS_PROXY') fail(resource, 'IntegrationType', 'AWS_PROXY');
    if (text(resource, 'PayloadFormatVersion') !== '2.0') fail(resource, 'PayloadFormatVersion', '2.0');
    const functionArn = text(resource, 'IntegrationUri');
    if (world.invoker.find(functionArn) === undefined)
      fail(resource, 'IntegrationUri', 'a function of this template');
    const apiArn = arnOf('execute-api', text(resource, 'ApiId'));
    const id = `integration-${resource.logicalId}`;
    world.integrations.set(id, {
      invoke: (payload, method, routePath) =>
        world.invoker.invokeFor(
          'apigateway.amazonaws.com',
          functionArn,
          payload,
          `${apiArn}/$default/${method}${routePath}`,
        ),
      timeoutMs: number(resource, 'TimeoutInMillis', 30_000),
    });
    return { ref: id, attributes: { IntegrationId: id } };
  },
};

/** AWS::ApiGatewayV2::Route, without an authorizer. */
export const httpRoute: ResourceType = {
  known: ['ApiId', 'AuthorizationType', 'RouteKey', 'Target'],
  ignored: ['OperationName'],
  create: (resource, world) => {
    const authorization = optionalText(resource, 'AuthorizationType') ?? 'NONE';
    if (authorization !== 'NONE') fail(resource, 'AuthorizationType', 'NONE');
    const integrationId = text(resource, 'Target').replace(/^integrations\//, '');
    const integration =
      world.integrations.get(integrationId) ?? fail(resource, 'Target', 'an integration of this template');
    world.routes.push({
      apiId: text(resource, 'ApiId'),
      key: text(resource, 'RouteKey'),
      target: integration,
    });
    return { ref: `route-${resource.logicalId}` };
  },
};
