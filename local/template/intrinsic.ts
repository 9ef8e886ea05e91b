import { isObject } from '../json/json.ts';
export interface Intrinsic {
  /** `Ref`, `Fn::GetAtt`, … */
  readonly name: string;
  readonly argument: unknown;
}

/** Undefined unless the only key of an object is `Ref` or starts with `Fn::`. */
export function asIntrinsic(value: unknown): Intrinsic | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  const only = entries[0];
  if (entries.length !== 1 || only === undefined) return undefined;
  const [name, argument] = only;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined;
}

/** `["Table", "StreamArn"]` and `"Table.StreamArn"` are equal; nested attributes keep their dots. */
export function parseGetAtt(
  argument: unknown,
): { readonly logicalId: string; readonly attribute: string } | undefined {
  const parts = typeof argument === 'string' ? splitOnce(argument, '.') : argument;
  if (!Array.isArray(parts)) return undefined;
  const [logicalId, attribute] = parts;
  return typeof logicalId === 'string' && typeof attribute === 'string'
    ? { logicalId, attribute }
    : undefined;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
