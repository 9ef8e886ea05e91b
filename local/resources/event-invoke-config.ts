import { functionArn } from '../template/names.ts';
import { number, text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Lambda::EventInvokeConfig: how often asynchronous events are tried again. */
export const eventInvokeConfig: ResourceType = {
  known: ['FunctionName', 'MaximumRetryAttempts'],
  ignored: ['MaximumEventAgeInSeconds', 'Qualifier'],
  create: (resource, world) => {
    world.invoker.asyncSettings.set(functionArn(text(resource, 'FunctionName')), {
      maximumRetryAttempts: number(resource, 'MaximumRetryAttempts', 2),
    });
    return { ref: resource.logicalId };
  },
};
