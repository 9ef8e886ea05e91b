import { asList, asObject, asText, isObject } from '../json/json.ts';
import { isIncluded, type ResolveContext, resolveValue } from '../template/resolve.ts';
import { compileEventPattern } from './pattern.ts';

export interface EventTarget {
  readonly arn: string;
  /** `Input`: the JSON text that replaces the event. */
  readonly input?: string | undefined;
  /** `InputPath`: the part of the event that is delivered, e.g. `$.detail`. */
  readonly inputPath?: string | undefined;
  /** `InputTransformer`: a text with `<variables>` taken from the event. */
  readonly inputTransformer?: InputTransformer | undefined;
}

interface InputTransformer {
  readonly paths: { readonly [variable: string]: string };
  readonly template: string;
}

/** A rule with an event pattern. */
export interface EventRule {
  readonly name: string;
  /** Name of its bus, `default` when the template names none. */
  readonly busName: string;
  readonly pattern: unknown;
  readonly targets: readonly EventTarget[];
}

/**
 * The template's enabled rules that match events.
 *
 * @throws Error for a pattern or target that the local run does not know
 */
export function eventRulesOf(context: ResolveContext): readonly EventRule[] {
  return Object.entries(context.template.Resources)
    .filter(([id, resource]) => resource.Type === 'AWS::Events::Rule' && isIncluded(id, context))
    .flatMap(([id, resource]) => {
      const at = `Resources.${id}.Properties`;
      const properties = resolveValue(resource.Properties ?? {}, context, at);
      if (!isObject(properties) || properties.EventPattern === undefined || properties.State === 'DISABLED')
        return [];
      compileEventPattern(properties.EventPattern, `${at}.EventPattern`);
      const bus = asText(properties.EventBusName) ?? 'default';
      return [
        {
          name: id,
          busName: busName(bus),
          pattern: properties.EventPattern,
          targets: asList(properties.Targets).map((target, i) => parseTarget(target, `${at}.Targets.${i}`)),
        },
      ];
    });
}

/** AWS accepts a bus's name or ARN. */
export function busName(nameOrArn: string): string {
  return nameOrArn.split(':event-bus/')[1] ?? nameOrArn;
}

/** @param at the path of the target, for errors */
export function parseTarget(target: unknown, at: string): EventTarget {
  if (!isObject(target) || typeof target.Arn !== 'string')
    throw new Error(`${at}: expected a target with an Arn`);
  const { InputTransformer } = target;
  return {
    arn: target.Arn,
    input: asText(target.Input),
    inputPath: asText(target.InputPath),
    inputTransformer: isObject(InputTransformer)
      ? {
          paths: textsOf(InputTransformer.InputPathsMap),
          template: asText(InputTransformer.InputTemplate) ?? '',
        }
      : undefined,
  };
}

function textsOf(map: unknown): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(asObject(map)).map(([name, value]) => [name, String(value)]));
}
