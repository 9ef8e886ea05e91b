import { isObject, type JsonObject } from '../json/json.ts';
import { evaluateCondition } from './conditions.ts';
import { asIntrinsic, parseGetAtt } from './intrinsic.ts';
import { noValue, pseudoParameter } from './pseudo-parameters.ts';
import { parseSubstitution } from './substitution.ts';
import type { Template } from './template.ts';

export interface ResolveContext {
  readonly template: Template;
  readonly stackName: string;
  /** The value of `Ref`; undefined while the resource has none. */
  readonly ref: (logicalId: string) => string | undefined;
  /** The value of `Fn::GetAtt`; undefined for an attribute that the local run does not know. */
  readonly attribute: (logicalId: string, name: string) => unknown;
  /** Values of parameters. @default - the parameters' defaults */
  readonly parameters?: JsonObject;
}

/**
 * Resolves every intrinsic inside a value of a template.
 *
 * Known: Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Select, Fn::Split, Fn::If, Fn::FindInMap, pseudo parameters.
 * AWS::NoValue removes a member of an object or list; at the top it is undefined.
 *
 * @param at the path of the value, for errors, e.g. `Resources.Queue.Properties.RedrivePolicy`
 * @throws Error with path, logical id and value for anything that it cannot resolve
 */
export function resolveValue(value: unknown, context: ResolveContext, at: string): unknown {
  const resolved = resolve(value, context, at);
  return resolved === noValue ? undefined : resolved;
}

/** Whether the Condition of a resource holds. */
export function isIncluded(logicalId: string, context: ResolveContext): boolean {
  const condition = context.template.Resources[logicalId]?.Condition;
  return condition === undefined || conditionHolds(condition, context);
}

function conditionHolds(name: string, context: ResolveContext): boolean {
  return evaluateCondition(context.template.Conditions ?? {}, name, (value, at) =>
    resolve(value, context, at),
  );
}

function resolve(value: unknown, context: ResolveContext, at: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => resolve(item, context, `${at}.${i}`)).filter((item) => item !== noValue);
  }
  if (!isObject(value)) return value;
  const intrinsic = asIntrinsic(value);
  if (intrinsic !== undefined) return resolveIntrinsic(intrinsic.name, intrinsic.argument, context, at);
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, resolve(inner, context, `${at}.${name}`)] as const)
      .filter(([, inner]) => inner !== noValue),
  );
}

function resolveIntrinsic(name: string, argument: unknown, context: ResolveContext, at: string): unknown {
  const fail = (why: string): never => {
    throw new Error(`${at}: ${why} in {"${name}": ${JSON.stringify(argument)}}`);
  };
  const operands = (): readonly unknown[] => (Array.isArray(argument) ? argument : fail('expected a list'));
  const operand = (index: number) => resolve(operands()[index], context, at);

  switch (name) {
    case 'Ref':
      return typeof argument === 'string'
        ? reference(argument, context, fail)
        : fail('expected a logical id');
    case 'Fn::GetAtt': {
      const target = parseGetAtt(argument) ?? fail('expected [logical id, attribute]');
      return attributeOf(target.logicalId, target.attribute, context, fail);
    }
    case 'Fn::Sub':
      return substitute(argument, context, at, fail);
    case 'Fn::Join': {
      const [separator, parts] = [operand(0), operand(1)];
      if (typeof separator !== 'string' || !Array.isArray(parts)) return fail('expected [separator, list]');
      return parts.map(String).join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = [operand(0), operand(1)];
      if (typeof separator !== 'string' || typeof text !== 'string')
        return fail('expected [separator, text]');
      return text.split(separator);
    }
    case 'Fn::Select': {
      const [index, list] = [Number(operand(0)), operand(1)];
      if (!Array.isArray(list) || !(index in list))
        return fail(`no item ${index} in ${JSON.stringify(list)}`);
      return list[index];
    }
    case 'Fn::If': {
      const condition = operands()[0];
      if (typeof condition !== 'string') return fail('expected the name of a condition');
      return operand(conditionHolds(condition, context) ? 1 : 2);
    }
    case 'Fn::FindInMap': {
      const [map, top, second] = [operand(0), operand(1), operand(2)];
      const row = member(member(context.template.Mappings, map), top);
      return member(row, second) ?? fail('no such entry in Mappings');
    }
    case 'Fn::ImportValue':
      return fail('the local run has one stack and cannot import values');
    default:
      return fail('the local run does not know this function');
  }
}

type Fail = (why: string) => never;

function reference(id: string, context: ResolveContext, fail: Fail): unknown {
  const pseudo = pseudoParameter(id, context.stackName);
  if (pseudo !== undefined) return pseudo;
  const parameter = context.template.Parameters?.[id];
  if (parameter !== undefined) {
    return (
      context.parameters?.[id] ?? parameter.Default ?? fail(`parameter ${id} has neither value nor default`)
    );
  }
  if (!(id in context.template.Resources)) return fail(`no resource or parameter ${id}`);
  return (
    context.ref(id) ?? fail(`the local run has no Ref of ${id} (${context.template.Resources[id]?.Type})`)
  );
}

function attributeOf(id: string, attribute: string, context: ResolveContext, fail: Fail): unknown {
  const resource = context.template.Resources[id];
  if (resource === undefined) return fail(`no resource ${id}`);
  return (
    context.attribute(id, attribute) ??
    fail(`the local run has no attribute ${attribute} of ${id} (${resource.Type})`)
  );
}

function substitute(argument: unknown, context: ResolveContext, at: string, fail: Fail): unknown {
  const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string' || !isObject(own)) return fail('expected a text, or [text, variables]');
  return parseSubstitution(text)
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.name in own) return String(resolve(own[part.name], context, at));
      const target = parseGetAtt(part.name);
      return String(
        target === undefined
          ? reference(part.name, context, fail)
          : attributeOf(target.logicalId, target.attribute, context, fail),
      );
    })
    .join('');
}

function member(value: unknown, name: unknown): unknown {
  return isObject(value) && typeof name === 'string' ? value[name] : undefined;
}
