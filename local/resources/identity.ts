import { physicalName, roleArn } from '../template/names.ts';
import { localAccount } from '../template/pseudo-parameters.ts';
import { optionalText } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::IAM::Role. Its permissions are read from the template when a call is checked. */
export const role: ResourceType = {
  known: ['ManagedPolicyArns', 'PermissionsBoundary', 'Policies', 'RoleName'],
  ignored: ['AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'Path', 'Tags'],
  create: (resource, world) => {
    const name = optionalText(resource, 'RoleName') ?? physicalName(world.stackName, resource.logicalId, 64);
    return { ref: name, attributes: { Arn: roleArn(name), RoleId: name } };
  },
};

/** AWS::IAM::Policy and AWS::IAM::ManagedPolicy. */
export const policy: ResourceType = {
  known: ['ManagedPolicyName', 'PolicyDocument', 'PolicyName', 'Roles'],
  ignored: ['Description', 'Groups', 'Path', 'Users'],
  create: (resource, world) => {
    const name = physicalName(world.stackName, resource.logicalId, 128);
    const arn = `arn:aws:iam::${localAccount}:policy/${name}`;
    return resource.type === 'AWS::IAM::ManagedPolicy'
      ? { ref: arn, attributes: { PolicyArn: arn } }
      : { ref: optionalText(resource, 'PolicyName') ?? name };
  },
};

/** AWS::SQS::QueuePolicy: read from the template when a call is checked. */
export const queuePolicy: ResourceType = {
  known: ['PolicyDocument', 'Queues'],
  create: (resource) => ({ ref: resource.logicalId }),
};
