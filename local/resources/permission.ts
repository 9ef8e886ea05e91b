import { functionArn, unqualified } from '../template/names.ts';
import { optionalText, text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Lambda::Permission: the gateway and rules need one to invoke a function. */
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
    world.invoker.permissions.push({
      functionArn: unqualified(functionArn(text(resource, 'FunctionName'))),
      principal: text(resource, 'Principal'),
      sourceArn: optionalText(resource, 'SourceArn'),
    });
    return { ref: resource.logicalId, attributes: { Id: resource.logicalId } };
  },
};
