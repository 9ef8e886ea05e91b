import type { AwsCall } from '../../aws-protocol/call.ts';
import type { AuthorizationRequest } from '../../iam/evaluate.ts';
import { asList, asObject, asText } from '../../json/json.ts';
import { arnOf, functionArn, secretArn } from '../../template/names.ts';
import { requestContext } from './context.ts';

const secretActions = new Set(['GetSecretValue', 'PutSecretValue', 'DescribeSecret']);

/** The permissions that AWS checks for a Secrets Manager call. Undefined for an action that is not known. */
export function secretRequirements(call: AwsCall): readonly AuthorizationRequest[] | undefined {
  if (!secretActions.has(call.action)) return undefined;
  const { SecretId, VersionId, VersionStage } = call.input;
  const id = asText(SecretId) ?? '';
  const reads = call.action === 'GetSecretValue';
  return [
    {
      action: `secretsmanager:${call.action}`,
      resource: secretArn(id),
      context: requestContext(call.principal, {
        'secretsmanager:secretid': () => [id],
        'secretsmanager:versionid': () => (typeof VersionId === 'string' ? [VersionId] : undefined),
        'secretsmanager:versionstage': () => (reads ? [asText(VersionStage) ?? 'AWSCURRENT'] : undefined),
      }),
    },
  ];
}

/** PutEvents needs a permission for the bus of each entry. */
export function eventRequirements(call: AwsCall): readonly AuthorizationRequest[] | undefined {
  if (call.action !== 'PutEvents') return undefined;
  return asList(call.input.Entries).map((entry) => {
    const { DetailType, EventBusName, Source } = asObject(entry);
    const bus = asText(EventBusName) ?? 'default';
    return {
      action: 'events:PutEvents',
      resource: bus.startsWith('arn:') ? bus : arnOf('events', `event-bus/${bus}`),
      context: requestContext(call.principal, {
        'events:source': () => (typeof Source === 'string' ? [Source] : undefined),
        'events:detail-type': () => (typeof DetailType === 'string' ? [DetailType] : undefined),
      }),
    };
  });
}

/** The permission that an invocation needs. Undefined for other actions of Lambda. */
export function lambdaRequirements(call: AwsCall): readonly AuthorizationRequest[] | undefined {
  if (call.action !== 'Invoke') return undefined;
  const resource = functionArn(asText(call.input.FunctionName) ?? '');
  return [{ action: 'lambda:InvokeFunction', resource, context: requestContext(call.principal, {}) }];
}
