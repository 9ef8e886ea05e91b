import { isObject, listOf } from '../json/json.ts';
import { asIntrinsic, parseGetAtt } from '../template/intrinsic.ts';
import { isIncluded, type ResolveContext, resolveValue } from '../template/resolve.ts';
import type { TemplateResource } from '../template/template.ts';
import { managedPolicy } from './managed-policies.ts';
import { parsePolicyDocument } from './parse-statement.ts';
import type { Statement } from './statement.ts';

/**
 * The statements of a function's role: of its inline policies, the policies attached to it and its managed policies.
 *
 * @param functionId the function's logical id
 * @throws Error when the role is not in the template, or uses something that the local run does not evaluate
 */
export function statementsOfFunction(functionId: string, context: ResolveContext): readonly Statement[] {
  const role = context.template.Resources[functionId]?.Properties?.Role;
  const intrinsic = asIntrinsic(role);
  const roleId = intrinsic?.name === 'Fn::GetAtt' ? parseGetAtt(intrinsic.argument)?.logicalId : undefined;
  if (roleId === undefined) {
    throw new Error(
      `${functionId}: expected its Role to be an AWS::IAM::Role of the template, got ${JSON.stringify(role)}`,
    );
  }
  return statementsOfRole(roleId, context);
}

function statementsOfRole(roleId: string, context: ResolveContext): readonly Statement[] {
  const role = context.template.Resources[roleId];
  if (role?.Type !== 'AWS::IAM::Role')
    throw new Error(`${roleId} is ${role?.Type ?? 'missing'}, expected an AWS::IAM::Role`);
  if (role.Properties?.PermissionsBoundary !== undefined) {
    throw new Error(`${roleId}: the local run does not evaluate a PermissionsBoundary`);
  }
  const at = `Resources.${roleId}.Properties`;
  const inline = listOf(role.Properties?.Policies).flatMap((policy, i) =>
    isObject(policy) ? documentOf(policy.PolicyDocument, `${at}.Policies.${i}.PolicyDocument`, context) : [],
  );
  const managed = listOf(role.Properties?.ManagedPolicyArns).flatMap((arn, i) =>
    managedStatements(arn, `${at}.ManagedPolicyArns.${i}`, context),
  );
  const attached = Object.entries(context.template.Resources)
    .filter(([id, resource]) => isAttachedTo(resource, roleId) && isIncluded(id, context))
    .flatMap(([id, resource]) =>
      documentOf(resource.Properties?.PolicyDocument, `Resources.${id}.Properties.PolicyDocument`, context),
    );
  return [...inline, ...attached, ...managed];
}

/** The statements of the template's queue policies, by queue ARN. */
export function queuePolicies(context: ResolveContext): ReadonlyMap<string, readonly Statement[]> {
  const byQueue = new Map<string, readonly Statement[]>();
  for (const [id, resource] of Object.entries(context.template.Resources)) {
    if (resource.Type !== 'AWS::SQS::QueuePolicy' || !isIncluded(id, context)) continue;
    const at = `Resources.${id}.Properties`;
    const statements = documentOf(resource.Properties?.PolicyDocument, `${at}.PolicyDocument`, context);
    for (const queue of listOf(resource.Properties?.Queues)) {
      const queueId = refTarget(queue);
      if (queueId === undefined)
        throw new Error(`${at}.Queues: expected a Ref of a queue, got ${JSON.stringify(queue)}`);
      const arn = String(resolveValue({ 'Fn::GetAtt': [queueId, 'Arn'] }, context, `${at}.Queues`));
      byQueue.set(arn, [...(byQueue.get(arn) ?? []), ...statements]);
    }
  }
  return byQueue;
}

/** The statements of the policy of a KMS key; none for a key that is not in the template. */
export function statementsOfKey(keyArn: string, context: ResolveContext): readonly Statement[] {
  const [id, key] =
    Object.entries(context.template.Resources).find(
      ([logicalId, { Type }]) => Type === 'AWS::KMS::Key' && context.attribute(logicalId, 'Arn') === keyArn,
    ) ?? [];
  if (key === undefined) return [];
  return documentOf(key.Properties?.KeyPolicy, `Resources.${id}.Properties.KeyPolicy`, context);
}

function managedStatements(arn: unknown, at: string, context: ResolveContext): readonly Statement[] {
  const policyId = refTarget(arn);
  const own = policyId === undefined ? undefined : context.template.Resources[policyId];
  if (own?.Type === 'AWS::IAM::ManagedPolicy') {
    return documentOf(
      own.Properties?.PolicyDocument,
      `Resources.${policyId}.Properties.PolicyDocument`,
      context,
    );
  }
  const resolved = resolveValue(arn, context, at);
  return resolved === undefined ? [] : managedPolicy(String(resolved), at);
}

function isAttachedTo(resource: TemplateResource, roleId: string): boolean {
  switch (resource.Type) {
    case 'AWS::IAM::Policy':
    case 'AWS::IAM::ManagedPolicy':
      return listOf(resource.Properties?.Roles).some((role) => refTarget(role) === roleId);
    case 'AWS::IAM::RolePolicy':
      return refTarget(resource.Properties?.RoleName) === roleId;
    default:
      return false;
  }
}

function documentOf(document: unknown, at: string, context: ResolveContext): readonly Statement[] {
  return parsePolicyDocument(resolveValue(document, context, at), at);
}

function refTarget(value: unknown): string | undefined {
  const intrinsic = asIntrinsic(value);
  return intrinsic?.name === 'Ref' && typeof intrinsic.argument === 'string' ? intrinsic.argument : undefined;
}
