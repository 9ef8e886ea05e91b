import type { JsonObject } from '../json/json.ts';
import { pseudoParameter } from '../template/pseudo-parameters.ts';
import { fail, number, text } from './property.ts';
import type { Declared, ResourceType } from './resource.ts';

/** Custom::* and AWS::CloudFormation::CustomResource: created at the first start, updated at every other. */
export const customResource: Omit<ResourceType, 'known'> = {
  create: async (resource, world) => {
    const service = world.invoker.find(text(resource, 'ServiceToken'));
    // The CDK's provider framework would call the handler that its environment names.
    const behind = service?.settings.environment.USER_ON_EVENT_FUNCTION_ARN;
    const handler = behind === undefined ? service : world.invoker.find(behind);
    if (handler === undefined) return fail(resource, 'ServiceToken', 'a function of this template');
    const physicalIds = world.state('custom-resources');
    const earlier = physicalIds.get(resource.logicalId);
    const result = await world.customResources.request(handler, {
      logicalId: resource.logicalId,
      type: resource.type,
      stackId: String(pseudoParameter('AWS::StackId', world.stackName)),
      properties: asTexts(resource),
      physicalId: typeof earlier === 'string' ? earlier : undefined,
      timeoutMs: number(resource, 'ServiceTimeout', 3600) * 1000,
    });
    physicalIds.set(resource.logicalId, result.physicalId);
    return { ref: result.physicalId, attributes: result.data };
  },
};

/** CloudFormation passes numbers and booleans as texts. */
function asTexts(resource: Declared): JsonObject {
  return JSON.parse(
    JSON.stringify(resource.properties, (_key, value: unknown) =>
      typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
    ),
  );
}
