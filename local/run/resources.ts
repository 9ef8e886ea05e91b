import { type EventRule, eventRulesOf } from '../eventbridge/rules.ts';
import { queuePolicies, statementsOfFunction, statementsOfKey } from '../iam/collect.ts';
import type { Statement } from '../iam/statement.ts';
import { asObject } from '../json/json.ts';
import { createResource } from '../resources/registry.ts';
import type { Created } from '../resources/resource.ts';
import { hasNoLocalMeaning, nominalAttribute } from '../resources/without-local-meaning.ts';
import type { World } from '../resources/world.ts';
import { creationOrder } from '../template/order.ts';
import { isIncluded, type ResolveContext, resolveValue } from '../template/resolve.ts';
import type { Template } from '../template/template.ts';

/** The resources of a template. */
export interface Resources {
  /** Creates all of them, each after those that it refers to. @returns the stack's outputs */
  createAll(world: World): Promise<Readonly<Record<string, unknown>>>;
  /** By logical id of a function; undefined when there is no such function. */
  statementsOf(functionId: string): readonly Statement[] | undefined;
  queuePolicies(queueArn: string): readonly Statement[];
  keyPolicies(keyArn: string): readonly Statement[];
  eventRules(): readonly EventRule[];
}

export function resourcesOf(template: Template, stackName: string): Resources {
  const created = new Map<string, Created>();
  const context: ResolveContext = {
    template,
    stackName,
    ref: (logicalId) => created.get(logicalId)?.ref,
    attribute: (logicalId, name) => {
      const resource = created.get(logicalId);
      const type = template.Resources[logicalId]?.Type ?? '';
      if (resource !== undefined && hasNoLocalMeaning(type))
        return nominalAttribute(type, resource.ref, name);
      return resource?.attributes?.[name];
    },
  };
  const statements = new Map<string, readonly Statement[]>();
  let rules: readonly EventRule[] = [];
  let policies: ReadonlyMap<string, readonly Statement[]> = new Map();
  const ofKeys = new Map<string, readonly Statement[]>();

  const createOne = async (logicalId: string, world: World): Promise<void> => {
    const source = template.Resources[logicalId];
    if (source === undefined || !isIncluded(logicalId, context)) return;
    const type = source.Type;
    const properties = hasNoLocalMeaning(type)
      ? {}
      : resolveValue(source.Properties ?? {}, context, `Resources.${logicalId}.Properties`);
    const declared = { logicalId, type, properties: asObject(properties), source };
    created.set(logicalId, await createResource(declared, world));
  };

  return {
    createAll: async (world) => {
      for (const logicalId of creationOrder(template)) await createOne(logicalId, world);
      rules = eventRulesOf(context);
      policies = queuePolicies(context);
      return Object.fromEntries(
        Object.entries(template.Outputs ?? {}).map(([name, output]) => [
          name,
          resolveValue(output.Value, context, `Outputs.${name}`),
        ]),
      );
    },
    statementsOf: (functionId) => {
      const known = statements.get(functionId);
      if (known !== undefined) return known;
      if (template.Resources[functionId]?.Type !== 'AWS::Lambda::Function') return undefined;
      const found = statementsOfFunction(functionId, context);
      statements.set(functionId, found);
      return found;
    },
    queuePolicies: (queueArn) => policies.get(queueArn) ?? [],
    // Custom resources may use a key while the rest is created, so its policy is read when it is needed.
    keyPolicies: (keyArn) => {
      const known = ofKeys.get(keyArn) ?? statementsOfKey(keyArn, context);
      ofKeys.set(keyArn, known);
      return known;
    },
    eventRules: () => rules,
  };
}
