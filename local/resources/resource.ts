import type { JsonObject } from '../json/json.ts';
import type { TemplateResource } from '../template/template.ts';
import type { World } from './world.ts';

/** A resource of the template with resolved intrinsics. */
export interface Declared {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** As written. */
  readonly source: TemplateResource;
}

/** The values of a resource that other resources may use. */
export interface Created {
  /** The value of `Ref`. */
  readonly ref: string;
  /** The values of `Fn::GetAtt`. */
  readonly attributes?: JsonObject;
}

export interface ResourceType {
  /** Properties that the local run uses. */
  readonly known: readonly string[];
  /** Properties without a local meaning, such as billing, encryption, descriptions and monitoring. */
  readonly ignored?: readonly string[];
  create(resource: Declared, world: World): Created | Promise<Created>;
}
