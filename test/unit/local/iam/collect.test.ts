import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { queuePolicies, statementsOfFunction } from '#local/iam/collect.ts';
import { evaluate } from '#local/iam/evaluate.ts';
import type { ResolveContext } from '#local/template/resolve.ts';
import type { Template } from '#local/template/template.ts';

const arnOf = (id: string) => `arn:aws:sqs:us-east-1:000000000000:${id}`;

function synthesize(build: (stack: Stack) => void): ResolveContext {
  const app = new App();
  build(new Stack(app, 'Test'));
  const template: Template = app.synth().getStackByName('Test').template;
  return {
    template,
    stackName: 'Test',
    ref: (id) => id,
    attribute: (id, name) => (name === 'Arn' ? arnOf(id) : undefined),
  };
}
const idOf = (context: ResolveContext, type: string): string =>
  Object.entries(context.template.Resources).find(([, resource]) => resource.Type === type)?.[0] ?? '';

const newFunction = (stack: Stack) =>
  new LambdaFunction(stack, 'Worker', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {}'),
  });

describe('the statements of a function', () => {
  const context = synthesize((stack) => {
    const worker = newFunction(stack);
    const queue = new Queue(stack, 'Work', { enforceSSL: true });
    queue.grantSendMessages(worker);
    const table = new TableV2(stack, 'Config', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
    worker.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem'],
        resources: [table.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ENDPOINT#*'] } },
      }),
    );
  });
  const statements = statementsOfFunction(idOf(context, 'AWS::Lambda::Function'), context);
  const allows = (action: string, resource: string, keys: readonly string[] = []) =>
    evaluate(statements, { action, resource, context: new Map([['dynamodb:leadingkeys', keys]]) }).allowed;

  it('come from the policies that CDK attached to its role', () => {
    const queue = arnOf(idOf(context, 'AWS::SQS::Queue'));
    expect(allows('sqs:SendMessage', queue)).toBe(true);
    expect(allows('sqs:ReceiveMessage', queue)).toBe(false);
  });

  it('keep their conditions', () => {
    const table = arnOf(idOf(context, 'AWS::DynamoDB::GlobalTable'));
    expect(allows('dynamodb:GetItem', table, ['ENDPOINT#1'])).toBe(true);
    expect(allows('dynamodb:GetItem', table, ['TOKEN#1'])).toBe(false);
  });

  it('hold what the managed policy for logs holds, and no more', () => {
    expect(allows('logs:PutLogEvents', 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/x')).toBe(
      true,
    );
    expect(allows('s3:GetObject', 'arn:aws:s3:::bucket/key')).toBe(false);
  });

  it("find a queue's own policy: enforceSSL denies plain HTTP to every caller", () => {
    const queue = arnOf(idOf(context, 'AWS::SQS::Queue'));
    const own = queuePolicies(context).get(queue) ?? [];
    const decide = (secure: string) =>
      evaluate([...statements, ...own], {
        action: 'sqs:SendMessage',
        resource: queue,
        context: new Map([['aws:securetransport', [secure]]]),
        principalArn: 'arn:aws:iam::000000000000:role/Worker',
      });
    expect(decide('true')).toEqual({ allowed: true });
    expect(decide('false')).toMatchObject({ reason: expect.stringContaining('resource-based policy') });
  });
});

describe('what the local run cannot evaluate', () => {
  const withRole = (properties: object): ResolveContext => ({
    template: {
      Resources: {
        F: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['R', 'Arn'] } } },
        R: { Type: 'AWS::IAM::Role', Properties: { ...properties } },
      },
    },
    stackName: 'Test',
    ref: (id) => id,
    attribute: () => undefined,
  });
  it.each([
    ['an unknown managed policy', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }],
    ['a permissions boundary', { PermissionsBoundary: 'arn:aws:iam::aws:policy/Boundary' }],
  ])('is an error that names it: %s', (_, properties) => {
    const named = /AdministratorAccess|PermissionsBoundary/;
    expect(() => statementsOfFunction('F', withRole(properties))).toThrow(named);
  });
});
