import { isObject } from '../json/json.ts';
import { asIntrinsic, parseGetAtt } from './intrinsic.ts';
import { parseSubstitution } from './substitution.ts';
import type { Template, TemplateResource } from './template.ts';

/**
 * The logical ids, each after those that it refers to (Ref, GetAtt, Sub, DependsOn), otherwise in the template's order.
 *
 * @throws Error with the cycle, or the missing resource of a DependsOn
 */
export function creationOrder(template: Template): readonly string[] {
  const order: string[] = [];
  const done = new Set<string>();

  const visit = (logicalId: string, path: readonly string[]): void => {
    if (done.has(logicalId)) return;
    if (path.includes(logicalId)) {
      const cycle = [...path.slice(path.indexOf(logicalId)), logicalId];
      throw new Error(`resources depend on each other in a circle: ${cycle.join(' -> ')}`);
    }
    const resource = template.Resources[logicalId];
    if (resource === undefined)
      throw new Error(`${path.at(-1)} depends on ${logicalId}, which does not exist`);
    for (const dependency of dependenciesOf(resource, template)) visit(dependency, [...path, logicalId]);
    done.add(logicalId);
    order.push(logicalId);
  };

  for (const logicalId of Object.keys(template.Resources)) visit(logicalId, []);
  return order;
}

/** The logical ids that a resource refers to. As in CloudFormation, both branches of a Fn::If count. */
function dependenciesOf(resource: TemplateResource, template: Template): ReadonlySet<string> {
  const found = new Set<string>(
    typeof resource.DependsOn === 'string' ? [resource.DependsOn] : resource.DependsOn,
  );
  const add = (id: string) => {
    if (id in template.Resources) found.add(id);
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item);
      return;
    }
    if (!isObject(value)) return;
    const intrinsic = asIntrinsic(value);
    if (intrinsic?.name === 'Ref' && typeof intrinsic.argument === 'string') add(intrinsic.argument);
    if (intrinsic?.name === 'Fn::GetAtt') add(parseGetAtt(intrinsic.argument)?.logicalId ?? '');
    if (intrinsic?.name === 'Fn::Sub') {
      const text = Array.isArray(intrinsic.argument) ? intrinsic.argument[0] : intrinsic.argument;
      for (const part of typeof text === 'string' ? parseSubstitution(text) : []) {
        if (part.kind === 'variable') add(part.name.split('.')[0] ?? '');
      }
    }
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(resource.Properties);
  return found;
}
