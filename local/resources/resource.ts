import type { JsonObject } from '../json/json.ts';
import type { TemplateResource } from '../template/template.ts';
import type { World } from './world.ts';

/** A resource of the template with its intrinsics resolved. */
export interface Declared {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** As written. */
  readonly source: TemplateResource;
}

/** What the rest of the template sees of a resource. */
export interface Created {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: JsonObject;
}

export interface ResourceType {
  /** Properties that do something here. */
  readonly known: readonly string[];
  /** Properties that need no local meaning: how AWS bills, encrypts, describes or watches. */
  readonly ignored?: readonly string[];
  create(resource: Declared, world: World): Created | Promise<Created>;
}
