import { arnOf } from '../names.ts';
import { optionalText, text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Lambda::Permission: without one neither the gateway nor a rule may invoke. */
export const permission: ResourceType = {
  known: ['Action', 'FunctionName', 'Principal', 'SourceArn'],
  ignored: [
    'EventSourceToken',
    'FunctionUrlAuthType',
    'InvokedViaFunctionUrl',
    'PrincipalOrgID',
    'SourceAccount',
  ],
  create: (resource, world) => {
    const name = text(resource, 'FunctionName');
    const functionArn = name.startsWith('arn:')
      ? name.split(':').slice(0, 7).join(':')
      : arnOf('lambda', `function:${name}`);
    world.invoker.permissions.push({
      functionArn,
      principal: text(resource, 'Principal'),
      sourceArn: optionalText(resource, 'SourceArn'),
    });
    return { ref: resource.logicalId, attributes: { Id: resource.logicalId } };
  },
};
