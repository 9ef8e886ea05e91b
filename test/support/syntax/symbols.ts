import { children, isNode, type Node, parse, type Range } from './tree.ts';

export interface SourceSymbol {
  /** The names of the symbols around it, from the outside in, and its own at the end. */
  readonly path: readonly string[];
  readonly range: Range;
}

/** Functions, classes, variables and properties, at any depth, that have this name. */
export function symbolsNamed(name: string, source: string): SourceSymbol[] {
  const { root, range } = parse(source);
  return below(root, []);

  function below(node: Node, around: readonly string[]): SourceSymbol[] {
    const own = ownName(node);
    const path = own === undefined ? around : [...around, own];
    const inside = children(node).flatMap((child) => below(child, path));
    return own === name ? [{ path, range: range(node) }, ...inside] : inside;
  }
}

function ownName({ identifier, id, key }: Node): string | undefined {
  const named = [identifier, id, key].find(isNode);
  return typeof named?.value === 'string' ? named.value : undefined;
}
