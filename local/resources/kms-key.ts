import { newKey } from '../aws-api/services/kms.ts';
import { kmsKeyArn, physicalName } from '../template/names.ts';
import type { ResourceType } from './resource.ts';

/** The section of the state with the bytes of keys, by ARN. */
export const keysSection = 'kms-keys';

/** AWS::KMS::Key: made once, then kept. Its policy is read from the template when a call is checked. */
export const kmsKey: ResourceType = {
  known: ['KeyPolicy'],
  ignored: ['Description', 'EnableKeyRotation', 'PendingWindowInDays', 'RotationPeriodInDays', 'Tags'],
  create: (resource, world) => {
    const id = physicalName(world.stackName, resource.logicalId, 128);
    const arn = kmsKeyArn(id);
    const keys = world.state(keysSection);
    if (keys.get(arn) === undefined) keys.set(arn, newKey());
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
};
