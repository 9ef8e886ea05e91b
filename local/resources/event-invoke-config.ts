import { functionArn, unqualified } from '../template/names.ts';
import { number, text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Lambda::EventInvokeConfig: how often an asynchronous event that failed is tried again. */
export const eventInvokeConfig: ResourceType = {
  known: ['FunctionName', 'MaximumRetryAttempts'],
  // Nothing waits here for longer than the two retries.
  ignored: ['MaximumEventAgeInSeconds', 'Qualifier'],
  create: (resource, world) => {
    const arn = unqualified(functionArn(text(resource, 'FunctionName')));
    world.invoker.asyncRetries.set(arn, number(resource, 'MaximumRetryAttempts', 2));
    return { ref: resource.logicalId };
  },
};
