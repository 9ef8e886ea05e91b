import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../json/json.ts';

/** One resource of a template as written: its properties may contain intrinsics. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly Metadata?: JsonObject;
  readonly DeletionPolicy?: string;
}

interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
}

export interface Template {
  readonly Resources: { readonly [logicalId: string]: TemplateResource };
  readonly Parameters?: { readonly [name: string]: TemplateParameter };
  readonly Conditions?: JsonObject;
  readonly Mappings?: JsonObject;
  readonly Outputs?: { readonly [name: string]: { readonly Value: unknown } };
}

/**
 * Reads the template that `cdk synth` wrote.
 *
 * @param assembly the folder of the cloud assembly, e.g. `cdk.out`
 * @throws Error when there is no template, or it declares no resources
 */
export async function readTemplate(assembly: string, stackName: string): Promise<Template> {
  const file = join(assembly, `${stackName}.template.json`);
  const template: Partial<Template> = JSON.parse(await readFile(file, 'utf8'));
  if (template.Resources === undefined) {
    throw new Error(`${file} declares no Resources: is it a CloudFormation template? Run cdk synth again`);
  }
  return { ...template, Resources: template.Resources };
}
