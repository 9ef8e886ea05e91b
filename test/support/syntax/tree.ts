import { parseSync } from '@swc/core';

/** A node of the syntax tree. Nothing is known of its other fields before they are read. */
export type Node = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The syntax tree of TypeScript source; throws when the source has a syntax error. */
export function parse(source: string): { readonly root: Node; range(node: Node): Range } {
  const root: unknown = parseSync(source, { syntax: 'typescript', target: 'es2024' });
  if (!isNode(root)) throw new Error('the parser returned no syntax tree');
  const bytes = Buffer.from(source);
  // The parser counts bytes of UTF-8, from 1.
  const indexOf = (position: number) => bytes.subarray(0, position - 1).toString().length;
  return {
    root,
    range: (node) => {
      const spans = spansOf(node);
      return {
        start: indexOf(Math.min(...spans.map(({ start }) => start))),
        end: indexOf(Math.max(...spans.map(({ end }) => end))),
      };
    },
  };
}

/** The nodes directly below, in the order of the source. */
export function children(node: Node): Node[] {
  return Object.values(node).flatMap(nodesIn);
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (isNode(value)) return [value];
  // Some lists wrap their nodes, such as the arguments of a call.
  return isObject(value) ? Object.values(value).flatMap(nodesIn) : [];
}

/** Nodes that the parser gives no span, such as properties, reach as far as their children. */
function spansOf(node: Node): Range[] {
  const { span } = node;
  if (isObject(span) && typeof span.start === 'number' && typeof span.end === 'number')
    return [{ start: span.start, end: span.end }];
  return children(node).flatMap(spansOf);
}

export function isNode(value: unknown): value is Node {
  return isObject(value) && typeof value.type === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
