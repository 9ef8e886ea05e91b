import { functionArn } from '../template/names.ts';
import { text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Lambda::Version: always version 1 of the only code. */
export const functionVersion: ResourceType = {
  known: ['FunctionName'],
  ignored: ['CodeSha256', 'Description', 'ProvisionedConcurrencyConfig', 'RuntimePolicy'],
  create: (resource) => {
    const arn = `${functionArn(text(resource, 'FunctionName'))}:1`;
    return { ref: arn, attributes: { Version: '1', FunctionArn: arn } };
  },
};

/** AWS::Lambda::Alias: another name for the only version. */
export const functionAlias: ResourceType = {
  known: ['FunctionName', 'Name'],
  ignored: ['Description', 'FunctionVersion', 'ProvisionedConcurrencyConfig', 'RoutingConfig'],
  create: (resource) => {
    const arn = `${functionArn(text(resource, 'FunctionName'))}:${text(resource, 'Name')}`;
    return { ref: arn, attributes: { AliasArn: arn } };
  },
};
