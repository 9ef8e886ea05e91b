import { arnOf } from '../names.ts';
import { number, text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Lambda::EventInvokeConfig: how often asynchronous events are tried again. */
export const eventInvokeConfig: ResourceType = {
  known: ['FunctionName', 'MaximumRetryAttempts'],
  ignored: ['MaximumEventAgeInSeconds', 'Qualifier'],
  create: (resource, world) => {
    const name = text(resource, 'FunctionName');
    const arn = name.startsWith('arn:') ? name : arnOf('lambda', `function:${name}`);
    world.invoker.asyncSettings.set(arn, {
      maximumRetryAttempts: number(resource, 'MaximumRetryAttempts', 2),
    });
    return { ref: resource.logicalId };
  },
};
