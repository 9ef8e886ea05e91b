import { arnOf } from '../template/names.ts';
import { text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Events::EventBus: only a name, which rules and PutEvents share. */
export const eventBus: ResourceType = {
  known: ['Name'],
  ignored: ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig', 'Policy', 'Tags'],
  create: (resource) => {
    const name = text(resource, 'Name');
    return { ref: name, attributes: { Arn: arnOf('events', `event-bus/${name}`), Name: name } };
  },
};
