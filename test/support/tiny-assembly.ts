import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TinyAssembly {
  readonly folder: string;
  readonly stackName: string;
  remove(): void;
}

type Resources = Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>;

/**
 * A cloud assembly by hand, in the shape that the CDK writes.
 *
 * @param handlers sources of `index.mjs`, by the logical id of their function
 * @param resources beside the functions; a function's own properties may be given here too
 */
export function tinyAssembly(
  handlers: Readonly<Record<string, string>>,
  resources: Resources,
  outputs: Record<string, { readonly Value: unknown }> = {},
): TinyAssembly {
  const folder = mkdtempSync(join(tmpdir(), 'hook0-tiny-'));
  const files: Record<string, unknown> = {};
  const all: Resources = {
    Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [everything] } },
    ...resources,
  };
  for (const [id, source] of Object.entries(handlers)) {
    mkdirSync(join(folder, `asset.${id}`));
    writeFileSync(join(folder, `asset.${id}`, 'index.mjs'), source);
    files[id] = { source: { path: `asset.${id}` }, destinations: { local: { objectKey: `${id}.zip` } } };
    all[id] = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'assets', S3Key: `${id}.zip` },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Timeout: 10,
        ...resources[id]?.Properties,
      },
    };
  }
  writeFileSync(join(folder, 'Tiny.template.json'), JSON.stringify({ Resources: all, Outputs: outputs }));
  writeFileSync(join(folder, 'Tiny.assets.json'), JSON.stringify({ files }));
  return { folder, stackName: 'Tiny', remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const everything = {
  PolicyName: 'Everything',
  PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

/** An HTTP API whose routes all go to one function. */
export function tinyApi(functionId: string, routeKeys: readonly string[]): Resources {
  const api: Resources = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Tiny', ProtocolType: 'HTTP' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': [functionId, 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    MayInvoke: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [functionId, 'Arn'] },
        Principal: 'apigateway.amazonaws.com',
      },
    },
  };
  for (const [i, RouteKey] of routeKeys.entries()) {
    const Target = { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] };
    api[`Route${i}`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { ApiId: { Ref: 'Api' }, RouteKey, Target },
    };
  }
  return api;
}
