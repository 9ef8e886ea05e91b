import { children, isNode, type Node, parse } from './tree.ts';

/** A title's text; undefined stands for a part that is known only when the tests run. */
type Title = readonly (string | undefined)[];

/** The titles of a test or of a block of tests, from the outermost block to its own. */
export type TitlePath = readonly Title[];

/** All tests and blocks of tests in this source. */
export function titlesIn(source: string): TitlePath[] {
  return below(parse(source).root, []);
}

/**
 * How many characters of this start of a full name (titles with ` > ` between them) the source states; undefined when
 * no test at this path can have such a name.
 */
export function knownOf(name: string, path: TitlePath): number | undefined {
  const titles = name.split(' > ');
  if (titles.length !== path.length) return undefined;
  const known = titles.map((title, depth) =>
    knownOfTitle(title, path[depth] ?? [], depth === path.length - 1),
  );
  return known.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}

function knownOfTitle(wanted: string, [part, ...rest]: Title, asStart: boolean): number | undefined {
  if (part !== undefined && asStart && part.startsWith(wanted)) return wanted.length;
  if (part !== undefined) {
    const others = wanted.startsWith(part)
      ? knownOfRest(wanted.slice(part.length), rest, asStart)
      : undefined;
    return others === undefined ? undefined : others + part.length;
  }
  const ends = Array.from({ length: wanted.length + 1 }, (_, index) => wanted.slice(index));
  const fitting = ends.map((end) => knownOfRest(end, rest, asStart)).filter((known) => known !== undefined);
  return fitting.length > 0 ? Math.max(...fitting) : undefined;
}

function knownOfRest(wanted: string, rest: Title, asStart: boolean): number | undefined {
  if (wanted === '' && (asStart || rest.length === 0)) return 0;
  return rest.length > 0 ? knownOfTitle(wanted, rest, asStart) : undefined;
}

function below(node: Node, blocks: TitlePath): TitlePath[] {
  const title = titleOf(node);
  const path = title ? [...blocks, title] : blocks;
  const inside = children(node).flatMap((child) => below(child, path));
  return title ? [path, ...inside] : inside;
}

/** Of `describe(title, …)` and `it(title, …)`, also behind `.each(…)` and the like. */
function titleOf({ type, callee, arguments: given }: Node): Title | undefined {
  if (type !== 'CallExpression' || !isNode(callee) || !/^(?:describe|it|test)$/.test(rootName(callee)))
    return;
  const [first, second] = Array.isArray(given) ? given.map(({ expression }) => expression) : [];
  // Calls with one argument are those of `each` itself.
  return isNode(first) && isNode(second) ? textOf(first) : undefined;
}

function rootName({ value, callee, object }: Node): string {
  const inner = isNode(callee) ? callee : object;
  return isNode(inner) ? rootName(inner) : String(value);
}

function textOf({ type, value, quasis }: Node): Title {
  if (type === 'StringLiteral') return withGaps(String(value).split(/\$[\w.]+|%[a-z]/));
  return Array.isArray(quasis) ? withGaps(quasis.map(({ cooked }) => String(cooked))) : [undefined];
}

function withGaps(texts: readonly string[]): Title {
  return texts.flatMap((text, index) => (index === 0 ? [text] : [undefined, text]));
}
